using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Work;
using AX2Caption.Storage;
using Microsoft.Extensions.Logging;

namespace AX2Caption.Grains.Tests.Work;

[Collection<MediaCluster>]
public sealed class WorkingWithoutTheStore(ServiceFixture service) : ClusterScenario(service)
{
    private const string State = "select state || ' ' || attempt || ' ' || outages || ' ' || failure_code from task where ";

    private readonly Attempts attempts = new(service);

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        attempts.Dispose();
        await base.DisposeAsync();
    }

    public static TheoryData<IOException> Away => [new ObjectStoreUnavailableException("Nobody answers."), new ObjectStoreFullException()];

    [Theory]
    [MemberData(nameof(Away), DisableDiscoveryEnumeration = true)]
    public async Task A_task_of_a_job_waits_for_it_and_the_attempt_does_not_count(IOException away)
    {
        var job = await Submit();

        await attempts.Make(await new HandWorker(Service).Claim(), _ => throw away);

        Assert.Equal("queued 0 1 storage_unavailable", await Service.Value<string>($"{State} job_id = $1", job.JobId));
        Assert.Equal(JobState.Processing, (await Service.Get(job)).State);
        Assert.Contains($"{LogLevel.Warning} Task", attempts.Log.Text, StringComparison.Ordinal);
        Assert.Contains(away.Message, attempts.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_else_goes_wrong_with_files_counts()
    {
        var job = await Submit();

        await attempts.Make(await new HandWorker(Service).Claim(), _ => throw new IOException("Something else."));

        Assert.Equal("queued 1 0 internal_error", await Service.Value<string>($"{State} job_id = $1", job.JobId));
    }

    [Fact]
    public async Task A_probe_waits_for_it_and_the_upload_stays()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.Upload(accountId);

        for (var i = 0; i <= new WorkOptions().MaximumAttempts; i++)
        {
            await Service.Execute("update task set available_at = now() where video_id = $1", videoId);
            await attempts.Make(await new HandWorker(Service).Claim(), _ => throw new ObjectStoreUnavailableException("Nobody answers."));
        }

        Assert.Equal("queued 0 4 storage_unavailable", await Service.Value<string>($"{State} video_id = $1", videoId));
        var video = Assert.IsType<VideoResult.Found>(await Service.Video(videoId).Get(accountId, Ct)).Video;
        Assert.Equal(VideoState.Probing, video.State);
    }

    private async Task<JobSnapshot> Submit()
    {
        var accountId = await Service.NewGuest();
        return await Service.SubmitJob(accountId, await Service.ReadyVideo(accountId));
    }
}
