using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Videos;
using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Tests.Videos;

[Collection<MediaCluster>]
public sealed class UploadingAVideo(ServiceFixture service) : ClusterScenario(service)
{
    private static readonly Failure NoAudio = new("no_audio", "The file has no audio.");

    private HandWorker Worker => new(Service);

    [Fact]
    public async Task It_goes_from_uploading_over_probing_to_ready()
    {
        var accountId = await Service.NewGuest();
        var videoId = Guid.CreateVersion7();
        var video = Service.Video(videoId);

        var begun = Assert.IsType<BeginUploadResult.Begun>(await video.BeginUpload(new BeginUpload(accountId, "talk.mp4")));
        Assert.Equal((VideoState.Uploading, "talk.mp4"), (begun.Video.State, begun.Video.FileName));
        await Service.Put(begun.ObjectKey);
        var completed = Assert.IsType<VideoResult.Found>(await video.CompleteUpload(CustomerExtensions.Bytes(accountId)));
        Assert.Equal((VideoState.Probing, 6L), (completed.Video.State, completed.Video.Length));
        var task = await Worker.Claim();
        Assert.Equal(TaskVerdict.Accepted, await Worker.Start(task));
        Assert.Equal(TaskVerdict.Accepted, await Worker.CompleteProbe(task, TimeSpan.FromSeconds(90)));

        var ready = await Get(videoId, accountId);
        Assert.Equal(VideoState.Ready, ready.State);
        Assert.Equivalent(HandWorker.Media(TimeSpan.FromSeconds(90)), ready.Media, strict: true);
    }

    [Fact]
    public async Task Beginning_and_completing_again_change_nothing_and_queue_one_probe()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.Upload(accountId);
        var video = Service.Video(videoId);

        var begun = Assert.IsType<BeginUploadResult.Begun>(await video.BeginUpload(new BeginUpload(accountId, "talk.mp4")));
        var completed = Assert.IsType<VideoResult.Found>(await video.CompleteUpload(CustomerExtensions.Bytes(accountId)));

        Assert.Equal(begun.Video, completed.Video);
        Assert.Equal(VideoState.Probing, completed.Video.State);
        Assert.Single(await Worker.ClaimAll());
    }

    [Fact]
    public async Task Completing_at_once_from_both_silos_queues_one_probe()
    {
        var accountId = await Service.NewGuest();
        var videoId = Guid.CreateVersion7();
        var begun = Assert.IsType<BeginUploadResult.Begun>(await Service.Video(videoId).BeginUpload(new BeginUpload(accountId, "talk.mp4")));
        await Service.Put(begun.ObjectKey);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(i =>
            Service.From(silo: i).GetGrain<IVideoGrain>(videoId).CompleteUpload(CustomerExtensions.Bytes(accountId))));

        Assert.Single(await Worker.ClaimAll());
    }

    [Fact]
    public async Task Another_account_neither_sees_nor_completes_it()
    {
        var stranger = await Service.NewGuest();
        var accountId = await Service.NewGuest();
        var videoId = Guid.CreateVersion7();
        var begun = Assert.IsType<BeginUploadResult.Begun>(await Service.Video(videoId).BeginUpload(new BeginUpload(accountId, "talk.mp4")));
        await Service.Put(begun.ObjectKey);

        Assert.IsType<VideoResult.NotFound>(await Service.Video(videoId).Get(stranger, Ct));
        Assert.IsType<VideoResult.NotFound>(await Service.Video(videoId).CompleteUpload(CustomerExtensions.Bytes(stranger)));
        Assert.Empty((await Service.Grains.GetGrain<IVideoIndexGrain>(stranger).List(after: null, limit: 10, Ct)).Videos);
        Assert.Equal(VideoState.Uploading, (await Get(videoId, accountId)).State);
    }

    [Fact]
    public async Task An_unknown_account_cannot_begin() =>
        Assert.IsType<BeginUploadResult.AccountNotFound>(
            await Service.Video(Guid.CreateVersion7()).BeginUpload(new BeginUpload(Guid.CreateVersion7(), "talk.mp4")));

    [Fact]
    public async Task An_account_has_a_limit_of_videos_and_deleted_ones_do_not_count()
    {
        var accountId = await Service.NewGuest();
        var first = Guid.CreateVersion7();
        foreach (var videoId in (Guid[])[first, Guid.CreateVersion7(), Guid.CreateVersion7()])
            Assert.IsType<BeginUploadResult.Begun>(await Service.Video(videoId).BeginUpload(new BeginUpload(accountId, "talk.mp4")));

        var fourth = Service.Video(Guid.CreateVersion7());
        Assert.Equal(new BeginUploadResult.TooManyVideos(3), await fourth.BeginUpload(new BeginUpload(accountId, "talk.mp4")));
        await Service.Video(first).AbandonUpload();
        Assert.IsType<BeginUploadResult.Begun>(await fourth.BeginUpload(new BeginUpload(accountId, "talk.mp4")));
    }

    [Fact]
    public async Task A_file_that_cannot_be_captioned_is_rejected_with_the_reason_and_deleted()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.Upload(accountId);

        await Worker.Complete(await Worker.Claim(), new TaskOutcome.Unplayable(NoAudio));

        var video = await Get(videoId, accountId);
        Assert.Equal((VideoState.Rejected, NoAudio), (video.State, video.Rejection));
        Assert.Null(await Service.Objects.Stat(Video.IncomingKey(videoId), Ct));
    }

    [Fact]
    public async Task A_failing_probe_is_tried_three_times_and_then_the_file_is_rejected()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.Upload(accountId);

        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Assert.Equal(VideoState.Probing, (await Get(videoId, accountId)).State);
            var task = await Worker.Claim();
            Assert.Equal(attempt, task.Lease.Attempt);
            Assert.Equal(TaskVerdict.Accepted, await Worker.Fail(task, HandWorker.Retryable));
        }

        Assert.Empty(await Worker.ClaimAll());
        Assert.Equal(HandWorker.Retryable.Failure, (await Get(videoId, accountId)).Rejection);
    }

    [Fact]
    public async Task A_probe_whose_worker_vanishes_after_moving_the_object_leaves_nothing_when_all_attempts_are_lost()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.Upload(accountId);
        var probe = (TaskInput.Probe)(await Worker.Claim()).Input;
        await Service.Objects.Move(probe.ObjectKey, probe.ReadyKey, Ct);
        await Worker.Vanish();
        for (var attempt = 2; attempt <= 3; attempt++)
        {
            await Worker.Claim();
            await Worker.Vanish();
        }

        Assert.Equal("probe_failed", (await Get(videoId, accountId)).Rejection?.Code);
        Assert.Null(await Service.Objects.Stat(probe.ReadyKey, Ct));
    }

    [Fact]
    public async Task A_late_answer_of_a_lost_attempt_is_stale_and_changes_nothing()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.Upload(accountId);
        var lost = await Worker.Claim();
        await Worker.Vanish();
        var current = await Worker.Claim();

        Assert.Equal(TaskVerdict.Stale, await Worker.Start(lost));
        Assert.Equal(TaskVerdict.Stale, await Worker.Complete(lost, new TaskOutcome.Unplayable(NoAudio)));
        Assert.Equal(TaskVerdict.Stale, await Worker.Fail(lost, HandWorker.Final));
        Assert.Equal(VideoState.Probing, (await Get(videoId, accountId)).State);
        Assert.Equal(TaskVerdict.Accepted, await Worker.CompleteProbe(current, TimeSpan.FromMinutes(1)));
        Assert.Equal(VideoState.Ready, (await Get(videoId, accountId)).State);
    }

    [Fact]
    public async Task An_abandoned_upload_is_gone_with_its_object()
    {
        var accountId = await Service.NewGuest();
        var videoId = Guid.CreateVersion7();
        var begun = Assert.IsType<BeginUploadResult.Begun>(await Service.Video(videoId).BeginUpload(new BeginUpload(accountId, "talk.mp4")));
        await Service.Put(begun.ObjectKey);

        await Service.Video(videoId).AbandonUpload();
        await Service.Video(videoId).AbandonUpload();

        Assert.IsType<VideoResult.NotFound>(await Service.Video(videoId).Get(accountId, Ct));
        Assert.IsType<VideoResult.NotFound>(await Service.Video(videoId).CompleteUpload(CustomerExtensions.Bytes(accountId)));
        Assert.Null(await Service.Objects.Stat(begun.ObjectKey, Ct));
    }

    [Fact]
    public async Task Bytes_that_are_stored_after_the_upload_was_given_up_are_deleted_too()
    {
        var accountId = await Service.NewGuest();
        var videoId = Guid.CreateVersion7();
        var begun = Assert.IsType<BeginUploadResult.Begun>(await Service.Video(videoId).BeginUpload(new BeginUpload(accountId, "talk.mp4")));
        Service.Clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(1, await Service.Sweep<UnfinishedVideoSweep>());

        await Service.Put(begun.ObjectKey);
        Assert.IsType<VideoResult.NotFound>(await Service.Video(videoId).CompleteUpload(CustomerExtensions.Bytes(accountId)));
        await Service.Video(videoId).AbandonUpload();

        Assert.Null(await Service.Objects.Stat(begun.ObjectKey, Ct));
    }

    [Fact]
    public async Task A_completed_upload_can_no_longer_be_abandoned()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.Upload(accountId);

        await Service.Video(videoId).AbandonUpload();

        Assert.Equal(VideoState.Probing, (await Get(videoId, accountId)).State);
    }

    [Fact]
    public async Task An_upload_that_never_completes_is_swept_with_its_object_when_its_time_is_over()
    {
        var accountId = await Service.NewGuest();
        var videoId = Guid.CreateVersion7();
        var begun = Assert.IsType<BeginUploadResult.Begun>(await Service.Video(videoId).BeginUpload(new BeginUpload(accountId, "talk.mp4")));
        await Service.Put(begun.ObjectKey);
        Service.Clock.Advance(TimeSpan.FromHours(23));
        Assert.Equal(0, await Service.Sweep<UnfinishedVideoSweep>());
        Service.Clock.Advance(TimeSpan.FromHours(2));

        Assert.Equal(1, await Service.Sweep<UnfinishedVideoSweep>());
        Assert.Equal(0, await Service.Sweep<UnfinishedVideoSweep>());

        Assert.IsType<VideoResult.NotFound>(await Service.Video(videoId).Get(accountId, Ct));
        Assert.Null(await Service.Objects.Stat(begun.ObjectKey, Ct));
    }

    [Fact]
    public async Task A_deletion_that_was_interrupted_is_swept()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.Upload(accountId);
        await Worker.Complete(await Worker.Claim(), new TaskOutcome.Unplayable(NoAudio));
        await Service.Put(Video.IncomingKey(videoId));
        await Service.Execute("update video set object_key = $2 where video_id = $1", videoId, Video.IncomingKey(videoId));
        Service.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(1, await Service.Sweep<UnfinishedVideoSweep>());

        Assert.Null(await Service.Objects.Stat(Video.IncomingKey(videoId), Ct));
    }

    [Fact]
    public async Task Videos_are_listed_newest_first_in_pages()
    {
        var accountId = await Service.NewGuest();
        var videos = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            videos.Insert(0, await Service.Upload(accountId));
            Service.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var index = Service.Grains.GetGrain<IVideoIndexGrain>(accountId);
        var first = await index.List(after: null, limit: 2, Ct);
        var second = await index.List(first.Next, limit: 2, Ct);

        Assert.Equal(videos, first.Videos.Concat(second.Videos).Select(video => video.VideoId));
        Assert.Null(second.Next);
    }

    private async Task<VideoSnapshot> Get(Guid videoId, Guid accountId) =>
        Assert.IsType<VideoResult.Found>(await Service.Video(videoId).Get(accountId, Ct)).Video;
}
