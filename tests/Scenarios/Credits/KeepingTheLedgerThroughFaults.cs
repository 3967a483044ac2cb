using AX2Caption.Testing.Audit;
using AX2Caption.Testing.Credits;
using AX2Caption.Testing.Postgres;
using AX2Caption.Testing.Service;
using Npgsql;

namespace AX2Caption.Scenarios.Credits;

/// <summary>
/// Two silos, and callers who spend credits while something breaks. Afterwards every acknowledged operation is in the ledger once,
/// just as it was acknowledged, every refused one is not, and every one without an answer is there once or not at all.
/// </summary>
public sealed class KeepingTheLedgerThroughFaults(PostgresFixture shared)
{
    private const int Accounts = 8;
    private const long Credits = 100;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // In turn, since all accounts may be on one of them.
    [Fact]
    public Task Each_silo_in_turn_is_killed_and_comes_back() => UnderLoad(shared.Server, async (silos, load) =>
    {
        foreach (var silo in silos)
        {
            await silo.KillSilo();
            await load.EveryAccountMoves(5);
            await silo.StartSilo(Ct);
            await load.EveryAccountMoves(5);
        }

        Assert.NotEqual(0, load.Record.Unanswered);
    });

    [Fact]
    public Task Each_silo_in_turn_is_stopped_and_comes_back() => UnderLoad(shared.Server, async (silos, load) =>
    {
        foreach (var silo in silos)
        {
            Assert.Equal(0, await silo.StopSilo(Ct));
            await load.EveryAccountMoves(5);
            await silo.StartSilo(Ct);
            await load.EveryAccountMoves(5);
        }
    });

    [Fact]
    public Task Connections_to_the_database_are_cut_again_and_again() => UnderLoad(shared.Server, async (silos, load) =>
    {
        await using var superuser = NpgsqlDataSource.Create(shared.Server.SuperuserConnectionString(silos[0].Database.Name));
        for (var cut = 0; cut < 25; cut++)
        {
            await using var command = superuser.CreateCommand("""
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                where datname = current_database() and application_name like 'ax2-%'
                """);
            Assert.NotEqual(0L, await command.ExecuteScalarAsync(Ct));
            await load.EveryAccountMoves(2);
        }

        Assert.NotEqual(0, load.Record.Unanswered);
    });

    [Fact]
    public async Task PostgreSQL_is_restarted_without_a_checkpoint_again_and_again()
    {
        await using var postgres = await PostgresServer.Start(Ct);
        await UnderLoad(postgres, async (_, load) =>
        {
            for (var restart = 0; restart < 3; restart++)
            {
                await postgres.Restart(Ct);
                await load.EveryAccountMoves(5);
            }

            Assert.NotEqual(0, load.Record.Unanswered);
        });
    }

    [Fact]
    public async Task PostgreSQL_is_killed_and_comes_back()
    {
        await using var postgres = await PostgresServer.Start(Ct);
        await UnderLoad(postgres, async (_, load) =>
        {
            await postgres.Kill(Ct);
            await postgres.Restart(Ct);
            await load.EveryAccountMoves(5);
            Assert.NotEqual(0, load.Record.Unanswered);
        });
    }

    /// <param name="postgres">Must be the test's own if it is to be broken: others keep pooled connections to the shared one.</param>
    /// <param name="fault">What breaks, and until when the load goes on.</param>
    private static async Task UnderLoad(PostgresServer postgres, Func<IReadOnlyList<CaptionService>, CreditLoad, Task> fault)
    {
        var database = await postgres.CreateDatabase(Ct);
        var accounts = await OpenedAccounts.Open(database, Accounts, Credits, Ct);
        await using var group = await SiloGroup.Start(database, count: 2, Ct);
        await using var client = await SiloClient.Connect(database, Ct);
        await using var load = CreditLoad.Start(client.Grains, accounts, new CreditRecord(accounts, Credits), Ct);

        await load.EveryAccountMoves(5);
        await fault(group.Silos, load);
        await load.Stop();

        TestContext.Current.TestOutputHelper?.WriteLine($"{load.Record}");
        var disagreements = await load.Record.Disagreements(database, Ct);
        Assert.True(disagreements is [], string.Join('\n', disagreements.Take(5)));
        Assert.Empty(await Book.Audit(group.Silos[0], Ct));
    }
}
