using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Retention;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Retention;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Retention;

[Collection<MediaCluster>]
public sealed class LettingAVideoExpire(ServiceFixture service) : ClusterScenario(service)
{
    private HandWorker Worker => new(Service);

    [Fact]
    public async Task Its_days_are_counted_from_its_last_byte_and_its_jobs_have_the_same()
    {
        var accountId = await Service.NewGuest();
        var videoId = Guid.CreateVersion7();
        var begun = Assert.IsType<BeginUploadResult.Begun>(await Service.Video(videoId).BeginUpload(new BeginUpload(accountId, "talk.mp4")));
        Assert.Equal(Service.Clock.GetUtcNow().AddDays(7), begun.Video.ExpiresAt);
        Assert.Equal(1, await Service.Reminders(videoId));
        await Service.Put(begun.ObjectKey);
        Service.Clock.Advance(TimeSpan.FromHours(3));
        await Service.Video(videoId).CompleteUpload(CustomerExtensions.Bytes(accountId));
        await Worker.CompleteProbe(await Worker.Claim(), TimeSpan.FromMinutes(1));

        var job = await Service.SubmitJob(accountId, videoId);

        Assert.Equal(Service.Clock.GetUtcNow().AddDays(7), (await Get(videoId, accountId)).ExpiresAt);
        Assert.Equal(Service.Clock.GetUtcNow().AddDays(7), job.ExpiresAt);
        Assert.Equal(job, await Service.Get(job));
        Assert.Equal(job, Assert.Single((await Service.Grains.GetGrain<IJobIndexGrain>(accountId).List(after: null, limit: 10, Ct)).Jobs));
        Assert.Equal(1, await Service.Reminders(videoId));
    }

    [Fact]
    public async Task Its_reminder_deletes_it_at_its_expiry_and_not_before_and_ends_itself()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.ReadyVideo(accountId);
        var job = await Service.SucceededJob(accountId, videoId);

        Service.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMilliseconds(1));
        await Service.Remind(videoId);
        Assert.IsType<VideoResult.Found>(await Service.Video(videoId).Get(accountId, Ct));
        Assert.Equal(1, await Service.Reminders(videoId));
        await Service.Expire(videoId);
        await Service.Remind(videoId);
        await Service.Remind(videoId);

        var receipt = (await Service.Receipt(accountId, videoId))!;
        Assert.Equal((DeletionReason.Expired, 1 + RetentionExtensions.OutputObjects), (receipt.Reason, receipt.Objects));
        Assert.Equal(Service.Clock.GetUtcNow(), receipt.CompletedAt);
        Assert.Equal(0, await Service.CountObjects());
        Assert.Equal(0, await Service.Reminders(videoId));
        Assert.Equal(Service.Clock.GetUtcNow(), (await Service.Get(job)).DeletedAt);
    }

    [Fact]
    public async Task A_lost_reminder_is_made_up_for_by_the_sweep()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.ReadyVideo(accountId);
        await Service.Expire(videoId);
        var younger = await Service.ReadyVideo(accountId);
        Service.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(0, await Service.Sweep<DueDeletionSweep>());
        Service.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(1, await Service.Sweep<DueDeletionSweep>());
        Assert.Equal(0, await Service.Sweep<DueDeletionSweep>());

        Assert.Equal(DeletionReason.Expired, (await Service.Receipt(accountId, videoId))?.Reason);
        Assert.IsType<VideoResult.Found>(await Service.Video(younger).Get(accountId, Ct));
    }

    [Fact]
    public async Task It_waits_for_a_job_that_runs_and_takes_no_new_one()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.ReadyVideo(accountId);
        var job = await Service.SubmitJob(accountId, videoId);
        var prepare = await Worker.Claim();
        await Worker.Start(prepare);
        await Service.Execute("update video set expires_at = $1", Service.Clock.GetUtcNow().AddMinutes(1));
        await Service.Expire(videoId);

        await Service.Remind(videoId);
        Service.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, await Service.Sweep<DueDeletionSweep>());
        Assert.IsType<SubmitJobResult.VideoNotFound>(
            await Service.Job(Guid.CreateVersion7()).Submit(new SubmitJob(accountId, videoId, "en", Profile: null)));
        Assert.Equal(VideoState.Ready, (await Get(videoId, accountId)).State);
        Assert.Equal(TaskVerdict.Accepted, await Worker.CompletePrepare(prepare, chunks: 0));
        Assert.Equal(TaskVerdict.Accepted, await Worker.CompleteCompose(await Worker.Claim()));
        Assert.Equal(JobState.Succeeded, (await Service.Get(job)).State);
        await Service.Remind(videoId);

        var receipt = (await Service.Receipt(accountId, videoId))!;
        Assert.Equal([job.JobId], receipt.Jobs);
        Assert.NotNull(receipt.CompletedAt);
        Assert.Equal(0, await Service.CountObjects());
    }

    [Fact]
    public async Task One_that_was_rejected_goes_too_when_its_time_is_over()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.Upload(accountId);
        await Worker.Complete(await Worker.Claim(), new TaskOutcome.Unplayable(new Abstractions.Failure("no_audio", "The file has no audio.")));
        Assert.Equal(0, await Service.CountObjects());
        await Service.Expire(videoId);

        await Service.Remind(videoId);

        var receipt = (await Service.Receipt(accountId, videoId))!;
        Assert.Equal((DeletionReason.Expired, 0), (receipt.Reason, receipt.Objects));
        Assert.NotNull(receipt.CompletedAt);
    }

    [Fact]
    public async Task One_that_still_uploads_is_given_up()
    {
        var accountId = await Service.NewGuest();
        var videoId = Guid.CreateVersion7();
        await Service.Video(videoId).BeginUpload(new BeginUpload(accountId, "talk.mp4"));
        await Service.Expire(videoId);

        await Service.Remind(videoId);

        Assert.Equal(DeletionReason.Abandoned, (await Service.Receipt(accountId, videoId))?.Reason);
    }

    [Fact]
    public async Task A_video_that_was_refused_leaves_no_reminder_and_bears_one()
    {
        var accountId = await Service.NewGuest();
        for (var i = 0; i < 3; i++)
            await Service.Upload(accountId);
        var refused = Guid.CreateVersion7();

        Assert.IsType<BeginUploadResult.TooManyVideos>(await Service.Video(refused).BeginUpload(new BeginUpload(accountId, "talk.mp4")));
        Assert.Equal(0, await Service.Reminders(refused));

        await Service.Remind(refused);

        Assert.Equal(0, await Service.Reminders(refused));
        Assert.IsType<VideoResult.NotFound>(await Service.Video(refused).Get(accountId, CancellationToken.None));
    }

    [Fact]
    public async Task A_reminder_that_a_crash_left_of_a_video_that_is_gone_ends_itself()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.Upload(accountId);
        await Service.Execute($"create table kept_reminder as select * from orleans_reminder where grain_id like '%{videoId:N}%'");
        await Service.Video(videoId).DeleteByOwner(accountId);
        Assert.Equal(0, await Service.Reminders(videoId));
        await Service.Execute("insert into orleans_reminder select * from kept_reminder; drop table kept_reminder");
        Assert.Equal(1, await Service.Reminders(videoId));

        await Service.Remind(videoId);

        Assert.Equal(0, await Service.Reminders(videoId));
    }

    [Fact]
    public async Task What_arrives_after_all_was_gone_goes_when_it_is_looked_again()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.Upload(accountId);
        await Service.Video(videoId).DeleteByOwner(accountId);
        await Service.Put($"incoming/{videoId}");

        Service.Clock.Advance(new RetentionOptions().LookAgainAfter);
        await Service.Sweep<LateBytesSweep>();
        Assert.Equal(1, await Service.CountObjects());
        Service.Clock.Advance(TimeSpan.FromTicks(10));
        await Service.Sweep<LateBytesSweep>();

        Assert.Equal(0, await Service.CountObjects());
        await Service.Put($"incoming/{videoId}");
        await Service.Sweep<LateBytesSweep>();
        Assert.Equal(1, await Service.CountObjects());
        await Service.Objects.Delete($"incoming/{videoId}", Ct);
    }

    private async Task<VideoSnapshot> Get(Guid videoId, Guid accountId) =>
        Assert.IsType<VideoResult.Found>(await Service.Video(videoId).Get(accountId, Ct)).Video;
}
