using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Tests.Database;
using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Tests.Work;

/// <summary>How workers share themselves out among accounts.</summary>
public sealed class ClaimingFairly(PostgresFixture postgres) : IAsyncLifetime
{
    private const int GuestCap = 5;
    private const int ManyTasks = 1000;

    private QueueFixture service = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => service = await QueueFixture.Create(
        postgres, ("Plans:Guest:MaximumTasksAtWork", $"{GuestCap}"), ("Plans:Guest:Weight", "1"), ("Plans:Member:Weight", "3"));

    public async ValueTask DisposeAsync() => await service.DisposeAsync();

    [Fact]
    public async Task An_account_with_thousands_keeps_none_with_one_waiting()
    {
        var greedy = await service.NewAccount();
        await service.QueueChunks(greedy, 5 * ManyTasks);
        await service.ServeOneByOne(3);
        var modest = new List<Guid>();
        for (var i = 0; i < 20; i++)
        {
            modest.Add(await service.NewAccount());
            await service.QueueChunks(modest[^1], 1);
        }

        var served = await service.ServeOneByOne(25);

        Assert.Equal(modest.Order(), served.Where(account => account != greedy).Order());
        // Each begins where the least of the others stands, and the greedy account has its own turn among them.
        Assert.True(served.LastIndexOf(modest[^1]) <= 21, $"The last of the modest was served at {served.LastIndexOf(modest[^1])}.");
    }

    /// <summary>Waiting is counted in tasks that others were given first, so that no clock is asked.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(GuestCap)]
    public async Task A_hundred_with_one_task_each_wait_for_each_other_and_hardly_for_who_has_thousands(int slots)
    {
        const int Modest = 100;
        var greedy = await service.NewAccount();
        var backlog = (await service.QueueChunks(greedy, 5 * ManyTasks)).ToHashSet();
        await service.ServeOneByOne(20);
        var waiting = new HashSet<Guid>();
        for (var i = 0; i < Modest; i++)
            waiting.UnionWith(await service.QueueChunks(await service.NewAccount(), 1));

        var (modestWaits, greedyWaits) = (new List<int>(), new List<int>());
        for (var before = 0; modestWaits.Count < Modest || greedyWaits.Count < Modest;)
        {
            var claimed = await service.Claim(slots);
            Assert.Equal(slots, claimed.Count);
            foreach (var task in claimed)
            {
                (waiting.Contains(task.Lease.TaskId) ? modestWaits : greedyWaits).Add(before);
                Assert.True(await service.Finish(task));
            }

            before += claimed.Count;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{slots} slots; tasks that were given to others first:");
        TestContext.Current.TestOutputHelper?.WriteLine($"  a hundred with one task each: {Distribution(modestWaits)}");
        TestContext.Current.TestOutputHelper?.WriteLine($"  the first hundred of {backlog.Count}: {Distribution([.. greedyWaits.Take(Modest)])}");
        Assert.True(modestWaits.Max() <= 2 * (Modest + 1), Distribution(modestWaits));
        // Nor does the one with thousands wait for more than its turn.
        Assert.True(greedyWaits[0] <= Modest + slots, Distribution(greedyWaits));

        static string Distribution(List<int> waits)
        {
            var sorted = waits.Order().ToList();
            return $"p50 {sorted[sorted.Count / 2]}, p90 {sorted[sorted.Count * 9 / 10]}, max {sorted[^1]}";
        }
    }

    [Fact]
    public async Task Accounts_are_served_by_their_weights()
    {
        var (guest, member) = (await service.NewAccount(), await service.NewAccount(AccountKind.Member));
        await service.QueueChunks(guest, ManyTasks);
        await service.QueueChunks(member, ManyTasks);

        var served = await service.ServeOneByOne(80);

        Assert.InRange(served.Count(account => account == member), 59, 61);
    }

    [Fact]
    public async Task Accounts_are_served_by_what_their_tasks_cost()
    {
        var (longOnes, shortOnes) = (await service.NewAccount(), await service.NewAccount());
        await service.QueueChunks(longOnes, ManyTasks, seconds: 40);
        await service.QueueChunks(shortOnes, ManyTasks, seconds: 10);

        var served = await service.ServeOneByOne(50);

        Assert.InRange(served.Count(account => account == longOnes), 9, 11);
    }

    [Fact]
    public async Task One_claim_for_many_slots_shares_them_out_as_single_claims_would()
    {
        var (one, other) = (await service.NewAccount(AccountKind.Member), await service.NewAccount(AccountKind.Member));
        var many = await service.QueueChunks(one, ManyTasks);
        var few = await service.QueueChunks(other, 3);

        var claimed = (await service.Claim(10)).Select(task => task.Lease.TaskId).ToList();

        Assert.Equal(many.Take(7).Concat(few).Order(), claimed.Order());
    }

    [Fact]
    public async Task An_account_has_no_more_tasks_at_work_than_its_plan_allows()
    {
        var guest = await service.NewAccount();
        await service.QueueChunks(guest, ManyTasks);

        var claimed = await service.Claim(GuestCap + 1);

        Assert.Equal(GuestCap, claimed.Count);
        Assert.Empty(await service.Claim(1));
        Assert.True(await service.Queue.HasDue(Ct));
        Assert.True(await service.Finish(claimed[0]));
        Assert.Single(await service.Claim(2));
    }

    [Fact]
    public async Task An_account_at_its_limit_does_not_keep_others_waiting()
    {
        await service.QueueChunks(await service.NewAccount(), ManyTasks);
        await service.Claim(GuestCap);
        var next = await service.QueueChunks(await service.NewAccount(), 1);

        Assert.Equal(next, (await service.Claim(1)).Select(task => task.Lease.TaskId));
    }

    [Fact]
    public async Task What_was_begun_is_ended_before_what_came_later()
    {
        var account = await service.NewAccount();
        var later = await service.QueueChunks(account, 1, since: DateTimeOffset.UnixEpoch.AddHours(1));
        var earlier = await service.QueueChunks(account, 1, since: DateTimeOffset.UnixEpoch);

        Assert.Equal(earlier, (await service.Claim(1)).Select(task => task.Lease.TaskId));
        Assert.Equal(later, (await service.Claim(1)).Select(task => task.Lease.TaskId));
    }

    [Fact]
    public async Task Urgent_tasks_go_first_among_those_of_their_account()
    {
        var account = await service.NewAccount();
        await service.QueueChunks(account, 2);
        var urgent = await service.QueueChunks(account, 1, isUrgent: true, since: DateTimeOffset.UnixEpoch.AddYears(1));

        Assert.Equal(urgent, (await service.Claim(1)).Select(task => task.Lease.TaskId));
    }

    [Fact]
    public async Task The_urgent_lane_takes_urgent_tasks_of_accounts_that_have_used_more_and_nothing_else()
    {
        var (busy, idle) = (await service.NewAccount(AccountKind.Member), await service.NewAccount(AccountKind.Member));
        await service.QueueChunks(busy, 3, seconds: 600);
        await service.ServeOneByOne(3);
        var urgent = await service.QueueChunks(busy, 2, isUrgent: true);
        await service.QueueChunks(idle, 5);
        await service.Database.Execute("update work_share set virtual_time = 0 where account_id = $1", [idle], Ct);

        var claimed = await service.Claim(5, Lane.Urgent);

        Assert.Equal(urgent.Order(), claimed.Select(task => task.Lease.TaskId).Order());
        Assert.Empty(await service.Claim(5, Lane.Urgent));
        Assert.Equal(5, (await service.Claim(10)).Count);
    }

    [Fact]
    public async Task The_urgent_lane_is_fair_however_many_older_tasks_another_account_has()
    {
        var (busy, modest) = (await service.NewAccount(AccountKind.Member), await service.NewAccount());
        await service.QueueChunks(busy, 200, isUrgent: true);
        var later = await service.QueueChunks(modest, 1, isUrgent: true, since: DateTimeOffset.UnixEpoch.AddDays(1));
        await service.Database.Execute("update work_share set virtual_time = 1000 where account_id = $1", [busy], Ct);

        Assert.Equal(later, (await service.Claim(1, Lane.Urgent)).Select(task => task.Lease.TaskId));
    }

    [Fact]
    public async Task Who_comes_new_begins_with_those_that_were_served_and_not_with_one_that_lags_at_its_limit()
    {
        var (served, limited, newcomer) = (await service.NewAccount(), await service.NewAccount(), await service.NewAccount());
        await service.QueueChunks(limited, 1);
        await service.QueueChunks(served, 1);
        await service.Database.Execute("update work_share set virtual_time = 500 where account_id = $1", [served], Ct);

        await service.QueueChunks(newcomer, 1);

        var began = await service.Database.Read("select virtual_time from work_share where account_id = $1", [newcomer], row => row.GetDouble(0), Ct);
        Assert.Equal([500.0], began);
    }

    [Fact]
    public async Task An_account_that_comes_back_has_saved_nothing_up()
    {
        var (steady, returning) = (await service.NewAccount(), await service.NewAccount());
        await service.QueueChunks(returning, 1);
        await service.ServeOneByOne(1);
        await service.QueueChunks(steady, ManyTasks);
        await service.ServeOneByOne(20);
        await service.Database.Execute("update work_share set used_at = now() - interval '31 seconds' where account_id = $1", [returning], Ct);
        await service.Queue.TendShares(Ct);
        await service.QueueChunks(returning, ManyTasks);

        Assert.InRange((await service.ServeOneByOne(20)).Count(account => account == returning), 10, 11);
    }

    [Fact]
    public async Task Shares_are_kept_while_there_is_work_or_was_lately()
    {
        var (queued, atWork, idle, late) = (await service.NewAccount(), await service.NewAccount(), await service.NewAccount(), await service.NewAccount());
        foreach (var account in (Guid[])[atWork, idle, late])
            await service.QueueChunks(account, 1);
        foreach (var task in await service.Claim(3))
            await service.Database.Execute("update task set state = 'done', ended_at = now() where task_id = $1 and account_id <> $2", [task.Lease.TaskId, atWork], Ct);
        await service.QueueChunks(queued, 1);
        await service.Database.Execute("update work_share set used_at = now() - interval '31 seconds' where account_id <> $1", [late], Ct);

        await service.Queue.TendShares(Ct);

        var kept = await service.Database.Read("select account_id from work_share", [], row => row.GetGuid(0), Ct);
        Assert.Equal(((Guid[])[queued, atWork, late]).Order(), kept.Order());
    }

    [Fact]
    public async Task Lost_shares_of_many_accounts_are_found_again_however_many_tasks_each_has()
    {
        var accounts = new List<Guid>();
        for (var i = 0; i < 12; i++)
        {
            accounts.Add(await service.NewAccount());
            await service.QueueChunks(accounts[^1], i + 1);
        }

        await service.Database.Execute("delete from work_share where account_id <> $1", [accounts[5]], Ct);

        Assert.Equal(11, await service.Queue.TendShares(Ct));
        Assert.Equal(0, await service.Queue.TendShares(Ct));

        var kept = await service.Database.Read("select account_id from work_share", [], row => row.GetGuid(0), Ct);
        Assert.Equal(accounts.Order(), kept.Order());
    }

    [Fact]
    public async Task A_share_that_a_claim_holds_is_neither_waited_for_nor_forgotten()
    {
        var (held, idle) = (await service.NewAccount(), await service.NewAccount());
        await service.Database.Execute(
            "insert into work_share (account_id, virtual_time, used_at) select a, 0, now() - interval '1 minute' from unnest($1::uuid[]) a", [(Guid[])[held, idle]], Ct);
        await using var holder = await service.Database.OpenConnectionAsync(Ct);
        await using var holding = await holder.BeginTransactionAsync(Ct);
        await holder.Execute("select from work_share where account_id = $1 for update", [held], Ct);

        await service.Queue.TendShares(Ct);

        Assert.Equal([held], await service.Database.Read("select account_id from work_share", [], row => row.GetGuid(0), Ct));
    }

    [Fact]
    public async Task A_share_that_was_lost_is_found_again()
    {
        var queued = await service.QueueChunks(await service.NewAccount(), 1);
        await service.Database.Execute("delete from work_share", [], Ct);
        Assert.Empty(await service.Claim(1));

        await service.Queue.TendShares(Ct);

        Assert.Equal(queued, (await service.Claim(1)).Select(task => task.Lease.TaskId));
    }

    [Fact]
    public async Task A_worker_that_runs_grains_leaves_the_work_to_one_that_does_not_while_that_lives()
    {
        var core = new WorkerIdentity("core", IsCore: true);
        await service.QueueChunks(await service.NewAccount(), 2);
        await service.Queue.Heartbeat(core, [], Ct);
        await service.Queue.Heartbeat(QueueFixture.Worker, [], Ct);

        Assert.Empty(await service.Queue.Claim(core, Lane.Any, 1, Ct));
        Assert.Single(await service.Claim(1));

        await service.Database.Execute("update worker set seen_at = now() - interval '46 seconds' where not is_core", [], Ct);
        Assert.Single(await service.Queue.Claim(core, Lane.Any, 1, Ct));
    }

    [Fact]
    public async Task Nor_does_it_leave_the_work_to_one_that_is_unfit_which_keeps_what_it_is_at()
    {
        var core = new WorkerIdentity("core", IsCore: true);
        await service.QueueChunks(await service.NewAccount(), 2);
        await service.Queue.Heartbeat(QueueFixture.Worker, [], Ct);
        var begun = Assert.Single(await service.Claim(1)).Lease;

        Assert.Equal([begun.Token], await service.Queue.Heartbeat(QueueFixture.Worker, [begun], Ct, isUnfit: true));

        Assert.Single(await service.Queue.Claim(core, Lane.Any, 1, Ct));
        await service.Queue.Heartbeat(QueueFixture.Worker, [begun], Ct);
        Assert.Equal(1, await service.Count("worker"));
    }
}
