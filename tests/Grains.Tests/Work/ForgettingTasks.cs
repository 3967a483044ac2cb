using AX2Caption.Grains.Database;
using AX2Caption.Grains.Tests.Database;
using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Tests.Work;

public sealed class ForgettingTasks(PostgresFixture postgres) : IAsyncLifetime
{
    private const int Many = 1000;

    private QueueFixture service = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A moment after all tasks of a test were queued.</summary>
    private static DateTimeOffset Later => TimeProvider.System.GetUtcNow().AddMinutes(1);

    public async ValueTask InitializeAsync() => service = await QueueFixture.Create(postgres);

    public async ValueTask DisposeAsync() => await service.DisposeAsync();

    [Fact]
    public async Task Tasks_of_an_ended_job_go_all_at_once_when_they_are_old()
    {
        await Ended(await service.QueueChunks(await service.NewAccount(), 3));

        Assert.Equal(0, await service.Queue.ForgetEnded(Later.AddDays(-1), Many, Ct));
        Assert.Equal(3, await service.Queue.ForgetEnded(Later, limit: 1, Ct));

        Assert.Equal(0, await service.Count("task"));
    }

    [Fact]
    public async Task An_old_probe_goes_too()
    {
        var account = await service.NewAccount();
        await service.Insert([new NewTask(
            account, await service.NewVideo(account), JobId: null, 0, new TaskInput.Probe("a", "b", null), new TaskPriority(true, Later))]);
        await service.Finish(Assert.Single(await service.Claim(1)));

        Assert.Equal(1, await service.Queue.ForgetEnded(Later, Many, Ct));
    }

    [Fact]
    public async Task Tasks_of_a_job_that_lives_stay_and_so_does_what_is_still_to_be_done()
    {
        await service.QueueChunks(await service.NewAccount(), 2);
        await service.Finish(Assert.Single(await service.Claim(1)));

        Assert.Equal(0, await service.Queue.ForgetEnded(Later, Many, Ct));

        Assert.Equal(2, await service.Count("task"));
    }

    [Fact]
    public async Task Workers_that_nobody_heard_of_for_a_day_go()
    {
        await service.Queue.Heartbeat(QueueFixture.Worker, [], Ct);
        await service.Queue.Heartbeat(new WorkerIdentity("killed", IsCore: false), [], Ct);
        await service.Database.Execute("update worker set seen_at = now() - interval '25 hours' where worker = 'killed'", [], Ct);

        Assert.Equal(1, await service.Queue.ForgetWorkers(Ct));

        Assert.Equal(1, await service.Count($"worker where worker = '{QueueFixture.Worker.Name}'"));
    }

    private async Task Ended(List<Guid> tasks)
    {
        foreach (var task in await service.Claim(tasks.Count))
            await service.Finish(task);
        await service.Database.Execute(
            "update caption_job set state = 'failed', ended_at = now(), failure_code = 'a', failure_message = 'b', credit_state = 'released'", [], Ct);
    }
}
