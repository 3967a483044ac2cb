using Npgsql;

namespace AX2Caption.Grains.Database;

/// <summary>
/// Statements with positional parameters that go to the server in one round trip and run there one after the other, each seeing what
/// the ones before it did. Outside of a transaction they are one.
/// </summary>
internal sealed class SqlBatch(NpgsqlConnection connection)
{
    private readonly List<NpgsqlBatchCommand> commands = [];
    private readonly List<Func<NpgsqlDataReader, CancellationToken, Task>> results = [];
    private readonly List<Action> checks = [];

    /// <summary>Adds a statement that answers nothing.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="values">Its parameters.</param>
    /// <param name="check">Is told how many rows it wrote; what it throws comes out of <see cref="Run"/>.</param>
    public void Execute(string sql, object?[] values, Action<int>? check = null)
    {
        var command = Add(sql, values);
        if (check is not null)
        {
            checks.Add(() => check((int)command.RecordsAffected));
        }
    }

    /// <summary>Adds a statement that answers rows.</summary>
    /// <returns>The rows, once the batch has run.</returns>
    public SqlAnswer<List<T>> Read<T>(string sql, object?[] values, Func<NpgsqlDataReader, T> row)
    {
        Add(sql, values);
        List<T>? rows = null;
        results.Add(async (reader, cancellationToken) => rows = await reader.ReadAll(row, cancellationToken));
        return new SqlAnswer<List<T>>(() => rows ?? throw new InvalidOperationException("The batch has not run."));
    }

    /// <summary>Runs all that was added. Should one fail, those after it have not run.</summary>
    public async Task Run(CancellationToken cancellationToken = default)
    {
        if (commands.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            foreach (var result in results)
            {
                await result(reader, cancellationToken);
                await reader.NextResultAsync(cancellationToken);
            }
        }

        foreach (var check in checks)
        {
            check();
        }
    }

    private NpgsqlBatchCommand Add(string sql, object?[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        commands.Add(command);
        return command;
    }
}

/// <summary>What a statement of a batch answers.</summary>
/// <param name="read">Gives it, once the batch has run.</param>
internal sealed class SqlAnswer<T>(Func<T> read)
{
    /// <exception cref="InvalidOperationException">The batch has not run.</exception>
    public T Value => read();
}
