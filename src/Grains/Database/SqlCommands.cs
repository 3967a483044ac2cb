using Npgsql;

namespace AX2Caption.Grains.Database;

/// <summary>Runs SQL texts with positional parameters (<c>$1</c>, <c>$2</c>, …), on a pooled connection or inside a transaction.</summary>
internal static class SqlCommands
{
    private const int MaximumRounds = 3;

    public static Task<int> Execute(this NpgsqlDataSource database, string sql, object?[] values, CancellationToken cancellationToken = default) =>
        Using(database.CreateCommand(sql), values, command => command.ExecuteNonQueryAsync(cancellationToken));

    public static Task<int> Execute(this NpgsqlConnection connection, string sql, object?[] values, CancellationToken cancellationToken = default) =>
        Using(new NpgsqlCommand(sql, connection), values, command => command.ExecuteNonQueryAsync(cancellationToken));

    public static Task<List<T>> Read<T>(
        this NpgsqlDataSource database, string sql, object?[] values, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken = default) =>
        Using(database.CreateCommand(sql), values, command => ReadAll(command, row, cancellationToken));

    public static Task<List<T>> Read<T>(
        this NpgsqlConnection connection, string sql, object?[] values, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken = default) =>
        Using(new NpgsqlCommand(sql, connection), values, command => ReadAll(command, row, cancellationToken));

    /// <summary>
    /// Runs <paramref name="work"/> in one transaction, which commits when it answers and rolls back when it throws. The victim of a
    /// deadlock, or of others' writes, was rolled back whole, so it runs again.
    /// </summary>
    public static async Task<T> Transact<T>(
        this NpgsqlDataSource database, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken = default)
    {
        for (var round = 1; ; round++)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                var answer = await work(connection);
                await transaction.CommitAsync(cancellationToken);
                return answer;
            }
            catch (PostgresException fault) when (
                fault.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure && round < MaximumRounds)
            {
            }
        }
    }

    /// <summary>Runs what <paramref name="add"/> adds, in one round trip.</summary>
    public static Task InOneGo(this NpgsqlConnection connection, Action<SqlBatch> add, CancellationToken cancellationToken = default)
    {
        var batch = new SqlBatch(connection);
        add(batch);
        return batch.Run(cancellationToken);
    }

    /// <summary>Runs what <paramref name="add"/> adds, in one round trip, and gives its answer.</summary>
    public static async Task<T> InOneGo<T>(this NpgsqlConnection connection, Func<SqlBatch, SqlAnswer<T>> add, CancellationToken cancellationToken = default)
    {
        var batch = new SqlBatch(connection);
        var answer = add(batch);
        await batch.Run(cancellationToken);
        return answer.Value;
    }

    /// <summary>The rows of the statement that the reader is at.</summary>
    public static async Task<List<T>> ReadAll<T>(this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    public static T? Nullable<T>(this NpgsqlDataReader reader, int column) where T : struct =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);

    public static string? NullableText(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    private static async Task<T> Using<T>(NpgsqlCommand command, object?[] values, Func<NpgsqlCommand, Task<T>> run)
    {
        await using (command)
        {
            foreach (var value in values)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
            }

            return await run(command);
        }
    }

    private static async Task<List<T>> ReadAll<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAll(row, cancellationToken);
    }
}
