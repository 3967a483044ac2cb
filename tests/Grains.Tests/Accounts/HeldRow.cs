using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Testing;
using Npgsql;

namespace AX2Caption.Grains.Tests.Accounts;

/// <summary>A row that the test holds in a transaction of its own, to stop calls just before they touch it.</summary>
internal sealed class HeldRow : IAsyncDisposable
{
    private readonly ServiceFixture service;
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;

    private HeldRow(ServiceFixture service, NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (this.service, this.connection, this.transaction) = (service, connection, transaction);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="service">Whose tables.</param>
    /// <param name="sql">What locks or writes the row.</param>
    /// <param name="values">Its parameters.</param>
    public static async Task<HeldRow> Take(ServiceFixture service, string sql, params object[] values)
    {
        var connection = await service.Owner.OpenConnectionAsync(Ct);
        var held = new HeldRow(service, connection, await connection.BeginTransactionAsync(Ct));
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        Assert.NotEqual(0, await command.ExecuteNonQueryAsync(Ct));
        return held;
    }

    /// <summary>Waits until each of the calls waits for a lock; one that ends instead fails the test.</summary>
    public Task Blocks(params Task[] calls)
    {
        const string Waiting = """
            select count(distinct pid) from pg_locks join pg_stat_activity using (pid) where not granted and datname = current_database()
            """;
        return Polling.Until(
            async () =>
            {
                Assert.DoesNotContain(calls, call => call.IsCompleted);
                return await service.Value<long>(Waiting) >= calls.Length;
            },
            Ct);
    }

    /// <summary>Lets the calls go on with the row as it was.</summary>
    public Task Release() => transaction.RollbackAsync(Ct);

    /// <summary>Lets the calls go on with the row as it was written.</summary>
    public Task Commit() => transaction.CommitAsync(Ct);

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
