using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Tests.Database;
using AX2Caption.Grains.Work;
using Npgsql;

namespace AX2Caption.Grains.Tests.Work;

/// <summary>The queue alone, on a database of its own.</summary>
public sealed class ClaimingTasks(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    private readonly Guid accountId = Guid.CreateVersion7();
    private NpgsqlDataSource database = null!;
    private TaskQueue queue = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var created = await postgres.Server.CreateDatabase(Ct);
        database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(created.SiloConnectionString) { MaxPoolSize = 16 });
        queue = new TaskQueue(database);
        await database.Execute("insert into account (account_id, kind, created_at) values ($1, 'guest', now())", [accountId], Ct);
    }

    public async ValueTask DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task Many_claimers_at_once_never_get_the_same_task()
    {
        var queued = await QueueTasks(200);

        var claims = await Task.WhenAll(Enumerable.Range(0, 16).Select(async worker =>
        {
            var mine = new List<ClaimedTask>();
            while (await queue.Claim($"worker-{worker}", 3, Lease, Ct) is { Count: > 0 } claimed)
                mine.AddRange(claimed);
            return mine;
        }));

        Assert.Equal(queued.Order(), claims.SelectMany(mine => mine).Select(task => task.Lease.TaskId).Order());
    }

    [Fact]
    public async Task The_oldest_task_is_claimed_first()
    {
        var queued = await QueueTasks(4);
        await Age(queued[2], "2 hours");
        await Age(queued[0], "1 hour");

        Assert.Equal(queued[2], (await Claim()).Lease.TaskId);
        Assert.Equal(queued[0], (await Claim()).Lease.TaskId);
    }

    [Fact]
    public async Task A_task_that_is_not_due_is_not_claimed()
    {
        var queued = await QueueTasks(1);
        await Age(queued[0], "-1 hour");

        Assert.Empty(await queue.Claim("worker", 10, Lease, Ct));
    }

    [Fact]
    public async Task A_claim_takes_no_more_than_asked_and_names_worker_attempt_and_token()
    {
        await QueueTasks(3);

        var claimed = await queue.Claim("worker", 2, Lease, Ct);

        Assert.Equal(2, claimed.Count);
        Assert.All(claimed, task => Assert.Equal(1, task.Lease.Attempt));
        Assert.Equal(2, claimed.Select(task => task.Lease.Token).Distinct().Count());
        Assert.Equal(2, await Count("state = 'claimed' and worker = 'worker'"));
    }

    [Fact]
    public async Task A_heartbeat_renews_a_lease_that_would_have_run_out()
    {
        await QueueTasks(1);
        var task = await Claim();
        await RunOut(task);

        Assert.Equal([task.Lease.TaskId], await Heartbeat(task.Lease));
        Assert.Empty(await queue.Lost(10, Ct));
    }

    [Fact]
    public async Task A_heartbeat_with_another_token_or_attempt_keeps_nothing()
    {
        await QueueTasks(1);
        var lease = (await Claim()).Lease;

        Assert.Empty(await Heartbeat(lease with { Token = Guid.CreateVersion7() }));
        Assert.Empty(await Heartbeat(lease with { Attempt = 2 }));
        Assert.Equal([lease.TaskId], await Heartbeat(lease));
    }

    [Fact]
    public async Task A_heartbeat_without_leases_says_that_the_worker_lives_until_it_signs_off()
    {
        Assert.Equal(0, await queue.CountWorkers(TimeSpan.FromMinutes(1), Ct));
        await Heartbeat();
        Assert.Equal(1, await queue.CountWorkers(TimeSpan.FromMinutes(1), Ct));
        await queue.SignOff("worker", Ct);
        Assert.Equal(0, await queue.CountWorkers(TimeSpan.FromMinutes(1), Ct));
    }

    [Fact]
    public async Task A_worker_that_was_not_heard_of_does_not_count()
    {
        await Heartbeat();
        await database.Execute("update worker set seen_at = now() - interval '2 minutes'", [], Ct);

        Assert.Equal(0, await queue.CountWorkers(TimeSpan.FromMinutes(1), Ct));
    }

    [Fact]
    public async Task A_task_handed_back_is_queued_at_once_and_its_attempt_does_not_count()
    {
        await QueueTasks(1);
        var first = await Claim();

        Assert.Equal(1, await queue.HandBack([first.Lease], Ct));

        var second = await Claim();
        Assert.Equal((first.Lease.TaskId, 1), (second.Lease.TaskId, second.Lease.Attempt));
        Assert.NotEqual(first.Lease.Token, second.Lease.Token);
    }

    [Fact]
    public async Task A_task_that_is_another_workers_by_now_cannot_be_handed_back()
    {
        await QueueTasks(1);
        var first = await Claim();
        await queue.HandBack([first.Lease], Ct);
        var second = await Claim();

        Assert.Equal(0, await queue.HandBack([first.Lease], Ct));
        Assert.Equal([second.Lease.TaskId], await Heartbeat(second.Lease));
    }

    [Fact]
    public async Task Only_leases_that_ran_out_are_lost_longest_first()
    {
        await QueueTasks(3);
        ClaimedTask kept = await Claim(), lost = await Claim(), lostBefore = await Claim();
        await RunOut(lost);
        await RunOut(lostBefore, "1 minute");

        Assert.Equal([lostBefore.Lease, lost.Lease], (await queue.Lost(10, Ct)).Select(task => task.Lease));
        Assert.Equal([lostBefore.Lease], (await queue.Lost(1, Ct)).Select(task => task.Lease));
        Assert.Equal([kept.Lease.TaskId], await Heartbeat(kept.Lease));
    }

    /// <summary>Probes, each of a video of its own.</summary>
    private async Task<List<Guid>> QueueTasks(int count)
    {
        var tasks = new List<Guid>();
        for (var i = 0; i < count; i++)
        {
            var videoId = Guid.CreateVersion7();
            await database.Execute(
                "insert into video (video_id, account_id, version, state, file_name, created_at, changed_at) values ($1, $2, 1, 'deleted', 'a', now(), now())",
                [videoId, accountId],
                Ct);
            await database.Transact<bool>(
                async connection =>
                {
                    await TaskTable.Insert(connection, [new NewTask(accountId, videoId, JobId: null, Ordinal: 0, new TaskInput.Probe("from", "to"))]);
                    return true;
                },
                Ct);
            tasks.AddRange(await database.Read("select task_id from task where video_id = $1", [videoId], row => row.GetGuid(0), Ct));
        }

        return tasks;
    }

    private async Task<ClaimedTask> Claim() => Assert.Single(await queue.Claim("worker", 1, Lease, Ct));

    private Task<HashSet<Guid>> Heartbeat(params TaskLease[] leases) => queue.Heartbeat("worker", slots: 2, leases, Lease, Ct);

    private Task Age(Guid taskId, string by) =>
        database.Execute("update task set available_at = now() - $2::text::interval where task_id = $1", [taskId, by], Ct);

    private Task RunOut(ClaimedTask task, string ago = "1 second") =>
        database.Execute("update task set lease_expires_at = now() - $2::text::interval where task_id = $1", [task.Lease.TaskId, ago], Ct);

    private async Task<long> Count(string where) =>
        (await database.Read($"select count(*) from task where {where}", [], row => row.GetInt64(0), Ct)).Single();
}
