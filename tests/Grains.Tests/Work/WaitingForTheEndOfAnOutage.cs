using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Tests.Database;
using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Tests.Work;

/// <summary>The queue alone: tasks that are put back without losing an attempt.</summary>
public sealed class WaitingForTheEndOfAnOutage(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly Failure Away = new("engine_unavailable", "The engine is away.");
    private static readonly TaskPause Growing = new(TimeSpan.FromMinutes(10), GrowsTo: TimeSpan.FromMinutes(35));

    private QueueFixture service = null!;
    private Guid taskId;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        service = await QueueFixture.Create(postgres);
        taskId = (await service.QueueChunks(await service.NewAccount(), count: 1)).Single();
    }

    public async ValueTask DisposeAsync() => await service.DisposeAsync();

    [Fact]
    public async Task A_task_has_its_attempt_back_and_waits_twice_as_long_each_time_up_to_the_longest()
    {
        foreach (var minutes in (double[])[10, 20, 35, 35])
        {
            var task = await Claim();
            Assert.Equal(1, task.Lease.Attempt);

            Assert.Equal((TaskReport.Changed, minutes), await PutBack(task, Growing));

            Assert.Equal("queued 0 engine_unavailable", await State());
            Assert.Empty(await service.Claim(1));
        }
    }

    [Fact]
    public async Task However_often_it_was_put_back_its_pause_is_the_longest()
    {
        await service.Database.Execute("update task set outages = 1000000", [], Ct);

        Assert.Equal((TaskReport.Changed, 35.0), await PutBack(await Claim(), Growing));
    }

    [Fact]
    public async Task It_waits_as_long_as_it_was_told_to_whatever_its_own_pause()
    {
        Assert.Equal((TaskReport.Changed, 60.0), await PutBack(await Claim(), Growing with { AtLeast = TimeSpan.FromMinutes(60) }));
        Assert.Equal((TaskReport.Changed, 20.0), await PutBack(await Claim(), Growing with { AtLeast = TimeSpan.FromMinutes(15) }));
        Assert.Equal((TaskReport.Changed, 60.0), await PutBack(await Claim(), new TaskPause(TimeSpan.FromMinutes(2), AtLeast: TimeSpan.FromMinutes(60))));
    }

    [Fact]
    public async Task An_attempt_that_counts_does_and_the_next_outage_begins_anew()
    {
        await PutBack(await Claim(), Growing);
        await PutBack(await Claim(), Growing);

        Assert.Equal((TaskReport.Changed, 2.0), await PutBack(await Claim(), new TaskPause(TimeSpan.FromMinutes(2))));

        Assert.Equal("queued 1 engine_unavailable", await State());
        Assert.Equal((TaskReport.Changed, 10.0), await PutBack(await Claim(), Growing));
        Assert.Equal("queued 1 engine_unavailable", await State());
    }

    [Fact]
    public async Task Said_twice_it_counts_once_and_said_after_the_next_claim_not_at_all()
    {
        var task = await Claim();
        await PutBack(task, Growing);

        var due = await Due();

        Assert.Equal((TaskReport.Repeated, null), await PutBack(task, Growing));
        Assert.Equal(due, await Due());

        var next = await Claim();
        Assert.Equal(TaskReport.Stale, (await PutBack(task, Growing)).Report);
        Assert.Equal("claimed 1 engine_unavailable", await State());
        Assert.Equal((TaskReport.Changed, 20.0), await PutBack(next, Growing));
    }

    private async Task<ClaimedTask> Claim()
    {
        await service.Database.Execute("update task set available_at = now()", [], Ct);
        return Assert.Single(await service.Claim(1));
    }

    /// <returns>What became of it, and if it counted, how many minutes from then on it is due.</returns>
    private Task<(TaskReport Report, double? Minutes)> PutBack(ClaimedTask task, TaskPause pause) => service.Database.Transact(
        async connection =>
        {
            var report = await TaskTable.Report(connection, TaskStep.Again(task.Lease, Away, pause));
            // In one transaction it is always the same time.
            var minutes = await connection.Read(
                "select extract(epoch from available_at - now())::float8 / 60 from task where task_id = $1", [taskId], row => row.GetDouble(0));
            return (report, report == TaskReport.Changed ? minutes.Single() : default(double?));
        },
        Ct);

    private async Task<string> State() => (await service.Database.Read(
        "select state, attempt, failure_code from task where task_id = $1", [taskId],
        row => $"{row.GetString(0)} {row.GetInt32(1)} {row.GetString(2)}", Ct)).Single();

    private async Task<DateTimeOffset> Due() => (await service.Database.Read(
        "select available_at from task where task_id = $1", [taskId], row => row.GetFieldValue<DateTimeOffset>(0), Ct)).Single();
}
