using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Tests.Database;
using AX2Caption.Grains.Work;
using Npgsql;

namespace AX2Caption.Grains.Tests.Work;

/// <summary>The queue alone.</summary>
public sealed class ClaimingTasks(PostgresFixture postgres) : IAsyncLifetime
{
    private QueueFixture service = null!;
    private Guid accountId;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TaskQueue Queue => service.Queue;

    public async ValueTask InitializeAsync()
    {
        service = await QueueFixture.Create(postgres, ("Plans:Guest:MaximumTasksAtWork", "1000"));
        accountId = await service.NewAccount();
    }

    public async ValueTask DisposeAsync() => await service.DisposeAsync();

    [Fact]
    public async Task Many_claimers_at_once_never_get_the_same_task()
    {
        var queued = await QueueTasks(200);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromMinutes(1));

        var claims = await Task.WhenAll(Enumerable.Range(0, 16).Select(async worker =>
        {
            var mine = new List<ClaimedTask>();
            // Nothing is also what is found while another claims.
            while (await Queue.HasDue(limit.Token))
                mine.AddRange(await Queue.Claim(new WorkerIdentity($"worker-{worker}", IsCore: false), Lane.Any, 3, limit.Token));
            return mine;
        }));

        Assert.Equal(queued.Order(), claims.SelectMany(mine => mine).Select(task => task.Lease.TaskId).Order());
    }

    [Fact]
    public async Task A_task_that_is_not_due_is_not_claimed()
    {
        var queued = await QueueTasks(1);
        await service.Database.Execute("update task set available_at = now() + interval '1 hour' where task_id = $1", [queued[0]], Ct);

        Assert.Empty(await service.Claim(10));
        Assert.False(await Queue.HasDue(Ct));
    }

    [Fact]
    public async Task A_claim_takes_no_more_than_asked_and_names_worker_attempt_and_token()
    {
        await QueueTasks(3);

        var claimed = await service.Claim(2);

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

        Assert.Equal([task.Lease.Token], await Heartbeat(task.Lease));
        Assert.Empty(await Queue.Lost(10, Ct));
    }

    [Fact]
    public async Task A_heartbeat_with_another_token_or_attempt_keeps_nothing()
    {
        await QueueTasks(1);
        var lease = (await Claim()).Lease;

        Assert.Empty(await Heartbeat(lease with { Token = Guid.CreateVersion7() }));
        Assert.Empty(await Heartbeat(lease with { Attempt = 2 }));
        Assert.Equal([lease.Token], await Heartbeat(lease));
    }

    [Fact]
    public async Task A_heartbeat_without_leases_says_that_the_worker_lives_until_it_signs_off()
    {
        Assert.Equal(0, await Queue.CountWorkers(TimeSpan.FromMinutes(1), Ct));
        await Heartbeat();
        Assert.Equal(1, await Queue.CountWorkers(TimeSpan.FromMinutes(1), Ct));
        await Queue.SignOff(QueueFixture.Worker, Ct);
        Assert.Equal(0, await Queue.CountWorkers(TimeSpan.FromMinutes(1), Ct));
    }

    [Fact]
    public async Task A_worker_that_was_not_heard_of_does_not_count()
    {
        await Heartbeat();
        await service.Database.Execute("update worker set seen_at = now() - interval '2 minutes'", [], Ct);

        Assert.Equal(0, await Queue.CountWorkers(TimeSpan.FromMinutes(1), Ct));
    }

    [Fact]
    public async Task A_task_handed_back_is_queued_at_once_and_its_attempt_does_not_count()
    {
        await QueueTasks(1);
        var first = await Claim();

        Assert.Equal(1, await Queue.HandBack([first.Lease], Ct));

        var second = await Claim();
        Assert.Equal((first.Lease.TaskId, 1), (second.Lease.TaskId, second.Lease.Attempt));
        Assert.NotEqual(first.Lease.Token, second.Lease.Token);
    }

    [Fact]
    public async Task A_task_that_is_another_workers_by_now_cannot_be_handed_back()
    {
        await QueueTasks(1);
        var first = await Claim();
        await Queue.HandBack([first.Lease], Ct);
        var second = await Claim();

        Assert.Equal(0, await Queue.HandBack([first.Lease], Ct));
        Assert.Equal([second.Lease.Token], await Heartbeat(second.Lease));
    }

    [Fact]
    public async Task Only_leases_that_ran_out_are_lost_longest_first()
    {
        await QueueTasks(3);
        ClaimedTask kept = await Claim(), lost = await Claim(), lostBefore = await Claim();
        await RunOut(lost);
        await RunOut(lostBefore, "1 minute");

        Assert.Equal([lostBefore.Lease, lost.Lease], (await Queue.Lost(10, Ct)).Select(task => task.Lease));
        Assert.Equal([lostBefore.Lease], (await Queue.Lost(1, Ct)).Select(task => task.Lease));
        Assert.Equal([kept.Lease.Token], await Heartbeat(kept.Lease));
    }

    [Fact]
    public async Task Tasks_are_handed_back_in_the_order_of_their_ids()
    {
        await QueueTasks(2);
        var claimed = (await service.Claim(2)).OrderBy(task => task.Lease.TaskId).ToList();
        await using var holder = await service.Database.OpenConnectionAsync(Ct);
        await using var holding = await holder.BeginTransactionAsync(Ct);
        await holder.Execute("select from task where task_id = $1 for update", [claimed[0].Lease.TaskId], Ct);

        var handingBack = Queue.HandBack([claimed[1].Lease, claimed[0].Lease], Ct);
        await service.Blocks(handingBack);

        // It waits for the first and has not touched the second.
        Assert.Single(await service.Database.Read(
            "select 1 from task where task_id = $1 for update skip locked", [claimed[1].Lease.TaskId], row => row.GetInt32(0), Ct));
        await holding.RollbackAsync(Ct);
        Assert.Equal(2, await handingBack.WaitAsync(TimeSpan.FromSeconds(30), Ct));
    }

    [Theory]
    [InlineData("40P01")]
    [InlineData("40001")]
    public async Task Who_hands_back_and_meets_others_does_it_again(string sqlState)
    {
        await QueueTasks(1);
        var task = await Claim();
        await service.FailUpdatesOfTasks(sqlState, times: 2);

        Assert.Equal(1, await Queue.HandBack([task.Lease], Ct));

        Assert.Equal(1, await Count("state = 'queued' and attempt = 0"));
    }

    [Fact]
    public async Task Who_hands_back_and_meets_others_for_ever_gives_up()
    {
        await QueueTasks(1);
        var task = await Claim();
        await service.FailUpdatesOfTasks("40P01", times: 3);

        await Assert.ThrowsAsync<PostgresException>(() => Queue.HandBack([task.Lease], Ct));

        Assert.Equal([task.Lease.Token], await Heartbeat(task.Lease));
    }

    [Theory]
    [InlineData("""{ "type": "translate", "to": "tlh" }""")]
    [InlineData("""{ "videoKey": "no type" }""")]
    [InlineData("""{ "type": "prepare", "audioStream": "not a number" }""")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task A_task_that_cannot_be_read_goes_back_to_rest_and_the_others_are_claimed(string input)
    {
        var queued = await QueueTasks(3);
        await service.Database.Execute("update task set input = $2::text::jsonb where task_id = $1", [queued[1], input], Ct);
        var before = (await service.Database.Read("select now()", [], row => row.GetFieldValue<DateTimeOffset>(0), Ct)).Single();

        var claimed = await service.Claim(3);

        Assert.Equal(((Guid[])[queued[0], queued[2]]).Order(), claimed.Select(task => task.Lease.TaskId).Order());
        Assert.Equal(1, await Count($"state = 'queued' and attempt = 0 and lease_token is null and available_at >= '{before:O}'::timestamptz + interval '1 minute'"));
        Assert.Empty(await service.Claim(3));
    }

    [Fact]
    public async Task A_task_that_cannot_be_read_is_told_of_once()
    {
        var queued = await QueueTasks(2);
        await service.Database.Execute("update task set input = '{}'", [], Ct);
        for (var claim = 0; claim < 3; claim++)
        {
            await service.Database.Execute("update task set available_at = now()", [], Ct);
            Assert.Empty(await service.Claim(2));
        }

        Assert.Equal(queued.Order(), service.Log.Values<Guid>("TaskId").Order());
    }

    [Fact]
    public async Task A_task_that_could_not_be_read_is_claimed_by_who_can()
    {
        var queued = await QueueTasks(1);
        var input = await service.Database.Read("update task set input = '{}' returning (select input::text from task)", [], row => row.GetString(0), Ct);
        Assert.Empty(await service.Claim(1));

        await service.Database.Execute("update task set input = $1::text::jsonb, available_at = now()", [input[0]], Ct);

        var claimed = await Claim();
        Assert.Equal((queued[0], 1), (claimed.Lease.TaskId, claimed.Lease.Attempt));
    }

    [Fact]
    public async Task A_task_that_another_transaction_holds_is_passed_over()
    {
        var queued = await QueueTasks(3);
        await using var holder = await service.Database.OpenConnectionAsync(Ct);
        await using var holding = await holder.BeginTransactionAsync(Ct);
        var first = await Claim();
        await Queue.HandBack([first.Lease], Ct);
        await holder.Execute("select from task where task_id = $1 for update", [first.Lease.TaskId], Ct);

        var claimed = await service.Claim(3);

        Assert.Equal(queued.Where(task => task != first.Lease.TaskId).Order(), claimed.Select(task => task.Lease.TaskId).Order());
    }

    [Fact]
    public async Task A_claim_locks_no_task_but_those_that_it_takes()
    {
        const int Slots = 8;
        for (var i = 0; i < Slots; i++)
            await service.QueueChunks(await service.NewAccount(), Slots);

        Assert.Equal(Slots, (await service.Claim(Slots)).Count);

        // Whoever has locked or changed a row leaves its number there, for as long as the row is not changed again.
        Assert.Equal(0, await Count("state = 'queued' and xmax <> '0'"));
        Assert.Equal((Slots * Slots) - Slots, await Count("state = 'queued'"));
    }

    /// <summary>Probes, each of a video of its own.</summary>
    private async Task<List<Guid>> QueueTasks(int count)
    {
        var tasks = new List<Guid>();
        for (var i = 0; i < count; i++)
        {
            var videoId = await service.NewVideo(accountId);
            await service.Insert([new NewTask(
                accountId, videoId, JobId: null, Ordinal: 0, new TaskInput.Probe("from", "to"), new TaskPriority(IsUrgent: true, DateTimeOffset.UnixEpoch))]);
            tasks.AddRange(await service.Database.Read("select task_id from task where video_id = $1", [videoId], row => row.GetGuid(0), Ct));
        }

        return tasks;
    }

    private async Task<ClaimedTask> Claim() => Assert.Single(await service.Claim(1));

    private Task<HashSet<Guid>> Heartbeat(params TaskLease[] leases) => Queue.Heartbeat(QueueFixture.Worker, leases, Ct);

    private Task RunOut(ClaimedTask task, string ago = "1 second") => service.Database.Execute(
        "update task set lease_expires_at = now() - $2::text::interval where task_id = $1", [task.Lease.TaskId, ago], Ct);

    private Task<long> Count(string where) => service.Count($"task where {where}");
}
