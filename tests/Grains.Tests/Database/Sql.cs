using Npgsql;

namespace AX2Caption.Grains.Tests.Database;

/// <summary>One statement on a connection of its own, to look at or arrange what lies behind the code under test.</summary>
internal static class Sql
{
    public static async Task<int> Execute(string connectionString, string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(ct);
    }

    public static async Task<List<T>> Column<T>(string connectionString, string sql, CancellationToken ct, params NpgsqlParameter[] parameters)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var values = new List<T>();
        while (await reader.ReadAsync(ct))
            values.Add(await reader.GetFieldValueAsync<T>(0, ct));
        return values;
    }

    public static async Task<PostgresException> Refused(string connectionString, string sql, CancellationToken ct) =>
        await Assert.ThrowsAsync<PostgresException>(() => Execute(connectionString, sql, ct));
}
