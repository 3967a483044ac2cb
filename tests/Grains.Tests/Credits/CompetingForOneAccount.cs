using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Credits;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Credits;

[Collection<CreditCluster>]
public sealed class CompetingForOneAccount(ServiceFixture service) : ClusterScenario(service)
{
    private const long Grant = CustomerExtensions.GuestGrant;

    /// <summary>Repetitions that outlast any fault these tests make.</summary>
    private const int Patience = 50;

    private DateTimeOffset Tomorrow => Service.Clock.GetUtcNow().AddDays(1);

    [Fact]
    public async Task Hundreds_of_reserves_from_both_silos_never_overdraw()
    {
        var accountId = await Service.NewGuest();

        var results = await Task.WhenAll(Enumerable.Range(0, 300).Select(i =>
            Service.From(silo: i).GetGrain<IUserCreditGrain>(accountId).Reserve(NewReserve(amount: 1))));

        Assert.Equal(Grant, results.Count(result => result is CreditResult.Applied));
        Assert.All(results.Where(result => result is not CreditResult.Applied), result => Assert.Equal(new CreditResult.InsufficientCredits(1, 0), result));
        Assert.Equal(new CreditBalance(0, Grant), await Service.Balance(accountId));
    }

    [Fact]
    public async Task Of_several_writers_with_the_same_expectation_one_wins_and_the_others_leave_no_trace()
    {
        var accountId = await Service.NewGuest();
        var account = Assert.IsType<LoadedAccount.Found>(await Service.Service<CreditStore>().Load(accountId, Ct)).Account;
        var operations = Enumerable.Range(0, 16).Select(_ => CreditOperation.Of(NewReserve(Grant))).ToList();

        var won = await Task.WhenAll(operations.Select(async operation =>
        {
            var batch = new AccountBatch(accountId, account);
            Assert.IsType<CreditResult.Applied>(batch.Decide(operation, known: null, CreditLimits.None, Service.Clock.GetUtcNow()));
            using var connection = new LedgerDatabase(Service.Database.SiloConnectionString);
            return (await new LedgerTable(connection).Write([batch], TimeSpan.FromSeconds(30))).Contains(accountId);
        }));

        Assert.Single(won, true);
        var winner = operations[won.IndexOf(true)];
        Assert.Equal([winner.OpId], (await Service.Ledger(accountId)).Where(entry => entry.Kind == CreditEntryKind.Reserve).Select(entry => entry.OpId));
        Assert.Equal(1, await Service.Value<long>("select count(*) from credit_hold where account_id = $1", accountId));
    }

    [Fact]
    public async Task Two_activations_of_one_account_acknowledge_just_what_the_ledger_holds()
    {
        var accountId = await Service.NewGuest();
        await using var rival = await Service.StartRival();
        IGrainFactory[] clusters = [Service.Grains, rival.Client];
        var grants = Enumerable.Range(0, 60).Select(_ => new GrantCredits(Guid.CreateVersion7(), 1, "A test.")).ToList();
        var reserves = Enumerable.Range(0, 60).Select(_ => NewReserve(amount: 3)).ToList();

        var results = await Task.WhenAll(
        [
            .. grants.Select((grant, i) => Persist(() => clusters[i % 2].GetGrain<IUserCreditGrain>(accountId).Grant(grant))),
            .. reserves.Select((reserve, i) => Persist(() => clusters[i % 2].GetGrain<IUserCreditGrain>(accountId).Reserve(reserve))),
        ]);

        var acknowledged = results.OfType<CreditResult.Applied>().Select(applied => applied.Entry).ToList();
        var ledger = (await Service.Ledger(accountId))[1..]; // the guest's grant came first
        Assert.Equal(ledger, acknowledged.OrderBy(entry => entry.Seq));
        Assert.Equal(Grant + grants.Count - (3 * (acknowledged.Count - grants.Count)), (await Service.Balance(accountId)).Available);
    }

    [Fact]
    public async Task Two_clusters_that_do_everything_to_one_account_acknowledge_just_what_the_ledger_holds()
    {
        const int Clients = 12, Steps = 40;
        var accountId = await Service.NewGuest();
        await using var rival = await Service.StartRival();
        IUserCreditGrain[] activations = [Service.Credits(accountId), rival.Client.GetGrain<IUserCreditGrain>(accountId)];

        var answers = (await Task.WhenAll(Enumerable.Range(0, Clients).Select(Live))).SelectMany(lived => lived).ToList();

        var ledger = (await Service.Ledger(accountId))[1..]; // the guest's grant came first
        var acknowledged = answers.OfType<CreditResult.Applied>().Select(applied => applied.Entry).ToHashSet();
        Assert.Equal(ledger.ToHashSet(), acknowledged);
        Assert.Equal(Enumerable.Range(2, ledger.Count).Select(seq => (long)seq), ledger.Select(entry => entry.Seq));
        Assert.All(ledger, entry => Assert.True(entry is { AvailableAfter: >= 0, ReservedAfter: >= 0 }));
        Assert.Equal(
            [CreditEntryKind.Grant, CreditEntryKind.Reserve, CreditEntryKind.Settle, CreditEntryKind.Release, CreditEntryKind.Refund],
            ledger.Select(entry => entry.Kind).Distinct().Order());

        async Task<List<CreditResult>> Live(int client)
        {
            var chance = new Random(client);
            var lived = new List<CreditResult>();
            for (var step = 0; step < Steps; step++)
            {
                var reserve = NewReserve(chance.Next(1, 5));
                await Ask(credits => credits.Reserve(reserve));
                var (opId, hold) = (Guid.CreateVersion7(), reserve.HoldId);
                await Ask(chance.Next(3) switch
                {
                    0 => credits => credits.Settle(new SettleHold(opId, hold, 1, "A test.")),
                    1 => credits => credits.Release(new ReleaseHold(opId, hold, "A test.")),
                    _ => credits => credits.Grant(new GrantCredits(opId, 1, "A test.")),
                });
                var refundId = Guid.CreateVersion7();
                await Ask(credits => credits.Refund(new RefundCredits(refundId, hold, null, "A test.", "ada")));
            }

            return lived;

            // Each question goes to one of the two, and now and then to both at once.
            async Task Ask(Func<IUserCreditGrain, Task<CreditResult>> ask)
            {
                var first = activations[chance.Next(2)];
                IUserCreditGrain[] asked = chance.Next(5) == 0 ? activations : [first];
                lived.AddRange(await Task.WhenAll(asked.Select(credits => Persist(() => ask(credits)))));
            }
        }
    }

    [Fact]
    public async Task What_another_activation_granted_is_seen_before_a_refusal()
    {
        var accountId = await Service.NewGuest();
        await using var rival = await Service.StartRival();
        await Service.Credits(accountId).Reserve(NewReserve(Grant));
        await rival.Client.GetGrain<IUserCreditGrain>(accountId).Grant(new GrantCredits(Guid.CreateVersion7(), 5, "Elsewhere."));

        Assert.IsType<CreditResult.Applied>(await Service.Credits(accountId).Reserve(NewReserve(5)));
    }

    [Fact]
    public async Task A_hold_that_another_activation_opened_still_expires_before_a_decision()
    {
        var accountId = await Service.NewGuest();
        await using var rival = await Service.StartRival();
        await Service.Balance(accountId);
        await rival.Client.GetGrain<IUserCreditGrain>(accountId).Reserve(NewReserve(Grant));
        Service.Clock.Advance(TimeSpan.FromDays(1));

        Assert.IsType<CreditResult.Applied>(await Service.Credits(accountId).Reserve(NewReserve(Grant)));
    }

    [Fact]
    public async Task Connections_cut_under_load_cost_no_operation_and_repeat_none()
    {
        var accounts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Service.NewGuest()));
        var commands = accounts.SelectMany(account => Enumerable.Range(0, 25).Select(_ => (account, Reserve: NewReserve(amount: 1)))).ToList();
        var acknowledged = 0;

        var load = commands.Select(async (command, i) =>
        {
            var result = await Persist(() => Service.From(silo: i).GetGrain<IUserCreditGrain>(command.account).Reserve(command.Reserve));
            if (Interlocked.Increment(ref acknowledged) % 20 == 0)
                await Service.CutConnections();
            return (command.account, Entry: Assert.IsType<CreditResult.Applied>(result).Entry);
        });
        var answers = await Task.WhenAll(load);

        Service.RenewConnections();
        foreach (var account in accounts)
        {
            Assert.Equal(
                (await Service.Ledger(account))[1..],
                answers.Where(answer => answer.account == account).Select(answer => answer.Entry).OrderBy(entry => entry.Seq));
        }
    }

    /// <summary>Repeats a call whose outcome is unknown, as the Api does.</summary>
    private static async Task<T> Persist<T>(Func<Task<T>> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (Exception fault) when (fault is ServiceUnavailableException or TimeoutException && attempt < Patience)
            {
            }
        }
    }

    private ReserveCredits NewReserve(long amount) => new(Guid.CreateVersion7(), Guid.CreateVersion7(), amount, Tomorrow, "A test.");
}
