using System.Diagnostics.Metrics;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Auditing;
using AX2Caption.Grains.Credits;
using AX2Caption.Grains.Tests.Cluster;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Grains.Tests.Credits;

/// <summary>The writer by itself on a real database: what it does to many accounts at once.</summary>
[Collection<CreditCluster>]
public sealed class LedgerWriterTests(ServiceFixture service) : ClusterScenario(service)
{
    private const string RefusedByTheDatabase = "A text that ends\0here.";

    // Not the silos' own: other scenarios cut their connections.
    private readonly LedgerDatabase database = new(service.Database.SiloConnectionString);

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        database.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Commit_BatchesThatWaitTogether_GoInOneStatement()
    {
        var accounts = await NewAccounts(20);
        var writer = NewWriter();
        var outcomes = accounts.Select(account => writer.Commit(Batch(account, "Together."))).ToList();

        await writer.StartAsync(Ct);

        Assert.All(await Task.WhenAll(outcomes), outcome => Assert.IsType<CommitOutcome.Committed>(outcome));
        Assert.Equal(1, await Service.Value<long>(
            "select count(distinct xmin::text) from credit_entry where reason = 'Together.'"));
        await writer.StopAsync(Ct);
    }

    [Fact]
    public async Task Commit_OneThatTheDatabaseRefuses_TakesNoOtherAlong()
    {
        var accounts = await NewAccounts(21);
        var writer = NewWriter();
        var outcomes = accounts.Select((account, i) => writer.Commit(Batch(account, i == 13 ? RefusedByTheDatabase : "Fine."))).ToList();

        await writer.StartAsync(Ct);

        var ended = await Task.WhenAll(outcomes);
        Assert.Equal("22021", Assert.IsType<PostgresException>(Assert.IsType<CommitOutcome.Rejected>(ended[13]).Fault).SqlState);
        Assert.Equal(20, ended.Count(outcome => outcome is CommitOutcome.Committed));
        await writer.StopAsync(Ct);
    }

    [Fact]
    public async Task Commit_OneThatLostItsFence_TakesNoOtherAlong()
    {
        var accounts = await NewAccounts(3);
        var stale = Batch(accounts[1], "Stale.");
        await Service.Credits(accounts[1].Id).Grant(new GrantCredits(Guid.CreateVersion7(), 1, "Meanwhile."));
        var writer = NewWriter();
        var outcomes = new[] { writer.Commit(Batch(accounts[0], "Fine.")), writer.Commit(stale), writer.Commit(Batch(accounts[2], "Fine.")) };

        await writer.StartAsync(Ct);

        Assert.Equal(
            [typeof(CommitOutcome.Committed), typeof(CommitOutcome.Doubtful), typeof(CommitOutcome.Committed)],
            (await Task.WhenAll(outcomes)).Select(outcome => outcome.GetType()));
        Assert.DoesNotContain(await Service.Ledger(accounts[1].Id), entry => entry.Reason == "Stale.");
        await writer.StopAsync(Ct);
    }

    [Fact]
    public async Task Commit_OperationThatIsInTheLedger_IsDoubtfulAndWrittenOnce()
    {
        var account = (await NewAccounts(1))[0];
        var writer = NewWriter();
        await writer.StartAsync(Ct);
        var operation = Operations.Grant(1);
        Assert.IsType<CommitOutcome.Committed>(await writer.Commit(Batch(account, operation)));
        var reloaded = (account.Id, Assert.IsType<LoadedAccount.Found>(await Service.Service<CreditStore>().Load(account.Id, Ct)).Account);

        Assert.IsType<CommitOutcome.Doubtful>(await writer.Commit(Batch(reloaded, operation)));

        Assert.Single(await Service.Ledger(account.Id), entry => entry.OpId == operation.OpId);
        await writer.StopAsync(Ct);
    }

    [Fact]
    public async Task Commit_AsMuchAsMayWait_IsTakenAndOneMoreIsNot()
    {
        var accounts = await NewAccounts(3);
        var writer = NewWriter(new LedgerOptions { MaximumPending = 2 });
        var taken = accounts.Take(2).Select(account => writer.Commit(Batch(account, "Fine."))).ToList();

        Assert.IsType<CommitOutcome.Full>(await writer.Commit(Batch(accounts[2], "Too much.")));

        await writer.StartAsync(Ct);
        await Task.WhenAll(taken);
        Assert.IsType<CommitOutcome.Committed>(await writer.Commit(Batch(accounts[2], "Fine.")));
        await writer.StopAsync(Ct);
    }

    [Fact]
    public async Task Commit_ABatchAboveTheLimitByItself_IsTakenWhenNothingElseWaits()
    {
        var account = (await NewAccounts(1))[0];
        var writer = NewWriter(new LedgerOptions { MaximumPending = 1 });
        var batch = Batch(account, "The first.");
        Assert.IsType<CreditResult.Applied>(batch.Decide(Operations.Grant(1), known: null, CreditLimits.None, Operations.Now));
        var outcome = writer.Commit(batch);

        await writer.StartAsync(Ct);

        Assert.IsType<CommitOutcome.Committed>(await outcome);
        await writer.StopAsync(Ct);
    }

    [Fact]
    public async Task Stop_WithBatchesWaiting_WritesThemFirstAndTakesNoMore()
    {
        var accounts = await NewAccounts(11);
        var writer = NewWriter(new LedgerOptions { MaximumPerCommit = 2 });
        var waiting = accounts.Take(10).Select(account => writer.Commit(Batch(account, "Last."))).ToList();
        await writer.StartAsync(Ct);

        await writer.StopAsync(Ct);

        Assert.All(waiting, outcome => Assert.True(outcome.IsCompletedSuccessfully));
        Assert.All(await Task.WhenAll(waiting), outcome => Assert.IsType<CommitOutcome.Committed>(outcome));
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => writer.Commit(Batch(accounts[10], "Too late.")));
    }

    [Fact]
    public async Task Commit_BehindAStatementThatAccountsShared_WaitsForThePaceUnlessTheWriterStops()
    {
        var accounts = await NewAccounts(4);
        var writer = NewWriter(new LedgerOptions { Pace = TimeSpan.FromHours(1) });
        var shared = accounts.Take(2).Select(account => writer.Commit(Batch(account, "Together."))).ToList();
        await writer.StartAsync(Ct);
        await Task.WhenAll(shared);

        var waiting = accounts.Skip(2).Select(account => writer.Commit(Batch(account, "Later."))).ToList();
        // Another's whole turn: if one of these could be written by now, it would be.
        var another = NewWriter();
        await another.StartAsync(Ct);
        Assert.IsType<CommitOutcome.Committed>(await another.Commit(Batch((await NewAccounts(1))[0], "Beside it.")));
        Assert.All(waiting, outcome => Assert.False(outcome.IsCompleted));
        await writer.StopAsync(Ct);
        await another.StopAsync(Ct);

        Assert.All(await Task.WhenAll(waiting), outcome => Assert.IsType<CommitOutcome.Committed>(outcome));
    }

    [Fact]
    public async Task Commit_BehindAStatementOfOneAccount_WaitsForNoPace()
    {
        var accounts = await NewAccounts(2);
        var writer = NewWriter(new LedgerOptions { Pace = TimeSpan.FromHours(1) });
        await writer.StartAsync(Ct);

        foreach (var one in accounts)
            Assert.IsType<CommitOutcome.Committed>(await writer.Commit(Batch(one, "Alone.")).WaitAsync(TimeSpan.FromMinutes(1), Ct));

        await writer.StopAsync(Ct);
    }

    [Fact]
    public async Task Commit_WithoutADatabase_IsDoubtful()
    {
        var account = (await NewAccounts(1))[0];
        using var nowhere = new LedgerDatabase("Host=127.0.0.1;Port=1;Username=nobody;Password=none;Timeout=1");
        var writer = NewWriter(database: nowhere);
        await writer.StartAsync(Ct);

        Assert.IsType<CommitOutcome.Doubtful>(await writer.Commit(Batch(account, "Nowhere.")));

        await writer.StopAsync(Ct);
    }

    private LedgerWriter NewWriter(LedgerOptions? options = null, LedgerDatabase? database = null) => new(
        new LedgerTable(database ?? this.database),
        new ChangedAccounts(Options.Create(new AuditOptions())),
        Options.Create(options ?? new LedgerOptions()),
        new LedgerMetrics(Service.Service<IMeterFactory>()),
        TimeProvider.System,
        NullLogger<LedgerWriter>.Instance);

    private async Task<List<(Guid Id, CreditAccount Account)>> NewAccounts(int count)
    {
        var accounts = new List<(Guid, CreditAccount)>();
        for (var i = 0; i < count; i++)
        {
            var id = await Service.NewGuest();
            accounts.Add((id, Assert.IsType<LoadedAccount.Found>(await Service.Service<CreditStore>().Load(id, Ct)).Account));
        }

        return accounts;
    }

    private static AccountBatch Batch((Guid Id, CreditAccount Account) account, string reason) =>
        Batch(account, Operations.Grant(1) with { Reason = reason });

    private static AccountBatch Batch((Guid Id, CreditAccount Account) account, CreditOperation operation)
    {
        var batch = new AccountBatch(account.Id, account.Account);
        Assert.IsType<CreditResult.Applied>(batch.Decide(operation, known: null, CreditLimits.None, Operations.Now));
        return batch;
    }
}
