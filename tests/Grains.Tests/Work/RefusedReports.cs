using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Work;
using Microsoft.Extensions.Logging;

namespace AX2Caption.Grains.Tests.Work;

/// <summary>A worker's report says what the database does not take, however often it is said.</summary>
[Collection<MediaCluster>]
public sealed class RefusedReports(ServiceFixture service) : ClusterScenario(service)
{
    private const string NotAText = "A text that ends\0here.";

    private readonly Attempts attempts = new(service);

    private HandWorker Worker => new(Service);

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        attempts.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_result_that_is_refused_fails_the_job_at_once_and_leaves_nothing()
    {
        var job = await Submit();
        var prepare = await Worker.Claim();
        await Worker.Start(prepare);
        await Worker.CompletePrepare(prepare, chunks: 0);
        var compose = await Worker.Claim();

        await attempts.Make(compose, async task =>
        {
            await Worker.WriteOutput(task);
            return await Worker.Composed(task) with { Language = NotAText };
        });

        await AssertFailed(job);
        await foreach (var left in Service.Objects.List($"jobs/{job.JobId}/", Ct))
            Assert.Fail($"{left.Key} is left.");
    }

    [Fact]
    public async Task A_result_that_collides_with_itself_fails_the_job_at_once()
    {
        var job = await Submit();

        await attempts.Make(await Worker.Claim(), async task =>
        {
            await Service.Put(Grains.Jobs.JobKeys.Audio(task));
            var prepared = HandWorker.Prepared(task, chunks: 1);
            return prepared with { Chunks = [.. prepared.Chunks, .. prepared.Chunks] };
        });

        await AssertFailed(job);
    }

    [Fact]
    public async Task A_reason_that_is_refused_fails_the_job_without_it()
    {
        var job = await Submit();

        await attempts.Make(await Worker.Claim(), _ => throw new TaskFailedException(new Failure("engine_failed", NotAText), retryable: false));

        await AssertFailed(job);
    }

    [Fact]
    public async Task A_probe_that_is_refused_rejects_the_video()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.Upload(accountId);

        await attempts.Make(await Worker.Claim(), async task =>
        {
            var input = (TaskInput.Probe)task.Input;
            await Service.Objects.Move(input.ObjectKey, input.ReadyKey, Ct);
            var media = HandWorker.Media(TimeSpan.FromSeconds(10)) with { Container = NotAText };
            return new TaskOutcome.Playable(media, input.ReadyKey, [await Service.Stored(input.ReadyKey)]);
        });

        var video = Assert.IsType<VideoResult.Found>(await Service.Video(videoId).Get(accountId, Ct)).Video;
        Assert.Equal((VideoState.Rejected, "internal_error"), (video.State, video.Rejection?.Code));
        Assert.Contains($"{LogLevel.Error} A report on task", attempts.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_in_the_way_of_another_call_may_have_gone_when_it_is_repeated()
    {
        var job = await Submit();
        await Service.Execute("create unique index only_one_is_canceled on caption_job ((1)) where state = 'canceled'");
        try
        {
            var other = await Service.SubmitJob(job.AccountId, job.VideoId);
            Assert.IsType<CancelJobResult.Canceled>(await Service.Job(other.JobId).Cancel(other.AccountId));

            await Assert.ThrowsAsync<ServiceUnavailableException>(() => Service.Job(job.JobId).Cancel(job.AccountId));
        }
        finally
        {
            await Service.Execute("drop index only_one_is_canceled");
        }

        Assert.IsType<CancelJobResult.Canceled>(await Service.Job(job.JobId).Cancel(job.AccountId));
    }

    private async Task<JobSnapshot> Submit()
    {
        var accountId = await Service.NewGuest();
        return await Service.SubmitJob(accountId, await Service.ReadyVideo(accountId));
    }

    private async Task AssertFailed(JobSnapshot job)
    {
        var ended = await Service.Get(job);
        Assert.Equal((JobState.Failed, "internal_error"), (ended.State, ended.Failure?.Code));
        Assert.Equal(new CreditBalance(CustomerExtensions.GuestGrant, 0), await Service.Balance(job.AccountId));
        Assert.Equal(1, await Service.Value<long>("select count(*) from task where job_id = $1 and state = 'failed' and attempt = 1", job.JobId));
        Assert.Contains($"{LogLevel.Error} A report on task", attempts.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("said again", attempts.Log.Text, StringComparison.Ordinal);
    }
}
