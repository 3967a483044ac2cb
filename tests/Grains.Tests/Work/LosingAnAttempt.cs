using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Tests.Transcription.OpenAi;
using AX2Caption.Grains.Work;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Tests.Work;

/// <summary>What is stored by who has lost his lease and does not know it yet.</summary>
[Collection<MediaCluster>]
public sealed class LosingAnAttempt(ServiceFixture service) : ClusterScenario(service)
{
    private HandWorker Worker => new(Service);

    [Fact]
    public async Task What_comes_after_the_job_was_canceled_and_cleared_up_is_cleared_away()
    {
        var (job, chunk) = await JobAtItsChunk();
        Assert.IsType<CancelJobResult.Canceled>(await Service.Job(job.JobId).Cancel(job.AccountId));
        await Service.Put(JobKeys.Words(chunk));
        await Service.Put($"{JobKeys.OutputPrefix(chunk)}transcript.json");

        await Clear(chunk);

        Assert.Empty(await Stored(job));
    }

    [Fact]
    public async Task What_an_attempt_left_before_another_one_began_is_cleared_away_and_the_other_ones_is_not()
    {
        var (job, first) = await JobAtItsChunk();
        await Service.Put(JobKeys.Words(first));
        await Worker.Fail(first, HandWorker.Retryable);
        await Service.Execute("update task set available_at = now() where task_id = $1", first.Lease.TaskId);
        var second = await Worker.Claim();
        await Service.Put(JobKeys.Words(second));

        await Clear(first);

        Assert.Equal([JobKeys.Words(second)], (await Stored(job)).Where(key => key.EndsWith("words.json", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_counts_or_still_may_stays(bool isAccepted)
    {
        var (job, chunk) = await JobAtItsChunk();
        await Service.Put(JobKeys.Words(chunk));
        if (isAccepted)
            Assert.Equal(TaskVerdict.Accepted, await Worker.CompleteTranscribe(chunk));

        await Clear(chunk);

        Assert.Contains(JobKeys.Words(chunk), await Stored(job));
    }

    [Fact]
    public async Task What_cannot_be_cleared_away_stays_and_is_logged()
    {
        var (job, chunk) = await JobAtItsChunk();
        Assert.IsType<CancelJobResult.Canceled>(await Service.Job(job.JobId).Cancel(job.AccountId));
        var log = new LogLines();
        using var loggers = new LoggerFactory([log]);
        using var nowhere = new WorkDatabase("Host=127.0.0.1;Port=1;Username=nobody;Password=none;Timeout=1", TimeSpan.FromSeconds(1));
        var queue = new TaskQueue(nowhere, Service.Service<Grains.Plans.Plans>(), Options.Create(new WorkOptions()), loggers.CreateLogger<TaskQueue>());

        await new LostAttempts(queue, Service.Objects, loggers.CreateLogger<LostAttempts>()).ClearAfter(chunk);

        Assert.Contains($"{LogLevel.Warning} What a lost attempt at task {chunk.Lease.TaskId}", log.Text, StringComparison.Ordinal);
    }

    private Task Clear(ClaimedTask task) =>
        new LostAttempts(Service.Service<TaskQueue>(), Service.Objects, NullLogger<LostAttempts>.Instance).ClearAfter(task);

    private async Task<(JobSnapshot Job, ClaimedTask Chunk)> JobAtItsChunk()
    {
        var accountId = await Service.NewGuest();
        var job = await Service.SubmitJob(accountId, await Service.ReadyVideo(accountId));
        var prepare = await Worker.Claim();
        await Worker.Start(prepare);
        await Worker.CompletePrepare(prepare, chunks: 1);
        return (job, await Worker.Claim());
    }

    private async Task<List<string>> Stored(JobSnapshot job)
    {
        var keys = new List<string>();
        await foreach (var stored in Service.Objects.List(JobKeys.Prefix(job.JobId), Ct))
            keys.Add(stored.Key);
        return keys;
    }
}
