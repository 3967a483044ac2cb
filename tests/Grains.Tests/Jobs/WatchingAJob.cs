using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Jobs;

[Collection<MediaCluster>]
public sealed class WatchingAJob(ServiceFixture service) : ClusterScenario(service)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    private HandWorker Worker => new(Service);

    [Fact]
    public async Task Each_step_answers_those_who_wait_and_progress_never_goes_back()
    {
        var job = await Submit();
        var seen = new List<JobSnapshot> { job };
        var prepare = await Worker.Claim();
        var steps = new Queue<Func<Task>>(
        [
            async () => await Worker.Start(prepare),
            async () => await Worker.CompletePrepare(prepare, chunks: 3),
            async () => await Worker.CompleteTranscribe(await Worker.Claim()),
            async () => await Worker.CompleteTranscribe(await Worker.Claim()),
            async () => await Worker.CompleteTranscribe(await Worker.Claim()),
            async () => await Worker.CompleteCompose(await Worker.Claim()),
        ]);
        while (steps.TryDequeue(out var step))
        {
            var waiting = Watch(job, seen[^1].Version, Long);
            Assert.False(waiting.IsCompleted);
            await step();
            seen.Add(await waiting);
        }

        Assert.Equal([0, 1, 5, 35, 65, 97, 100], seen.Select(now => now.Progress.Percent));
        Assert.Equal(seen.Select(now => now.Version).Order().Distinct(), seen.Select(now => now.Version));
        Assert.Equal(JobState.Succeeded, seen[^1].State);
        Assert.All(seen, now => Assert.Equal(now.State == JobState.Processing, now.EstimatedFinishAt is not null));
        Assert.All(seen, now => Assert.True(now.EstimatedFinishAt is null || now.EstimatedFinishAt >= Service.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task Without_a_change_the_job_comes_as_it_is_when_the_wait_is_over()
    {
        var job = await Submit();

        var answer = await Watch(job, job.Version, TimeSpan.FromMilliseconds(200));

        Assert.Equal((job.Version, JobState.Queued), (answer.Version, answer.State));
    }

    [Fact]
    public async Task Whoever_knows_less_is_answered_at_once()
    {
        var job = await Submit();
        await Worker.Start(await Worker.Claim());

        Assert.Equal(JobState.Processing, (await Watch(job, job.Version, Long)).State);
        Assert.Equal(JobState.Processing, (await Watch(job, 0, Long)).State);
    }

    [Fact]
    public async Task What_another_activation_does_is_seen_with_the_next_look()
    {
        var job = await Submit();
        await using var rival = await Service.StartRival();
        var waiting = Watch(job, job.Version, Long);
        Assert.False(waiting.IsCompleted);

        await rival.Client.GetGrain<ICaptionJobGrain>(job.JobId).Cancel(job.AccountId);

        Assert.Equal(JobState.Canceled, (await waiting).State);
    }

    [Fact]
    public async Task Those_who_wait_keep_nobody_from_the_job()
    {
        var job = await Submit();
        var waiting = Enumerable.Range(0, 20).Select(_ => Watch(job, job.Version, Long)).ToList();

        Assert.Equal(JobState.Canceled, Assert.IsType<CancelJobResult.Canceled>(await Service.Job(job.JobId).Cancel(job.AccountId)).Job.State);

        Assert.All(await Task.WhenAll(waiting), now => Assert.Equal(JobState.Canceled, now.State));
    }

    [Fact]
    public async Task Another_accounts_job_is_none()
    {
        var job = await Submit();

        Assert.IsType<JobResult.NotFound>(await Service.Job(job.JobId).Watch(await Service.NewGuest(), 0, Long, Ct));
        Assert.IsType<JobResult.NotFound>(await Service.Job(Guid.CreateVersion7()).Watch(job.AccountId, 0, Long, Ct));
    }

    private async Task<JobSnapshot> Submit()
    {
        var accountId = await Service.NewGuest();
        return await Service.SubmitJob(accountId, await Service.ReadyVideo(accountId));
    }

    private async Task<JobSnapshot> Watch(JobSnapshot job, long knownVersion, TimeSpan wait) =>
        Assert.IsType<JobResult.Found>(await Service.Job(job.JobId).Watch(job.AccountId, knownVersion, wait, Ct)).Job;
}
