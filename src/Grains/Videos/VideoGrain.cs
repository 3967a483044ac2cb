using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Accounts;
using AX2Caption.Grains.Retention;
using AX2Caption.Grains.Time;
using AX2Caption.Grains.Uploads;
using AX2Caption.Grains.Work;
using AX2Caption.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Videos;

internal sealed partial class VideoGrain(
    VideoStore store,
    AccountStore accounts,
    Plans.Plans plans,
    RetryPolicy retries,
    PartialUploads partials,
    IObjectStore objects,
    IOptions<VideoOptions> options,
    TimeProvider time,
    ILogger<VideoGrain> logger) : Grain, IVideoGrain
{
    private static readonly Failure ProbeFailed = new("probe_failed", "The file could not be examined. Please upload it again.");

    private Guid VideoId => this.GetPrimaryKey();

    public async Task<BeginUploadResult> BeginUpload(BeginUpload command)
    {
        if (await accounts.Load(command.AccountId) is not { MergedInto: null, ClosedAt: null } account)
        {
            return new BeginUploadResult.AccountNotFound();
        }

        var plan = plans.Of(account.Kind);
        if (command.Length > plan.MaximumFileBytes)
        {
            return new BeginUploadResult.TooLarge(plan.MaximumFileBytes);
        }

        var video = await store.Load(VideoId);
        if (video is null)
        {
            video = Video.Begin(VideoId, command.AccountId, command.FileName, time.UtcNow(), plan.Retention);
            switch (await store.TryInsert(video, plan.MaximumVideos))
            {
                case VideoInsertion.AccountNotOpen:
                    return new BeginUploadResult.AccountNotFound();
                case VideoInsertion.LimitReached:
                    return new BeginUploadResult.TooManyVideos(plan.MaximumVideos);
            }
        }

        return video.AccountId == command.AccountId
            ? new BeginUploadResult.Begun(video.Snapshot, Video.IncomingKey(VideoId), plan.MaximumFileBytes)
            : throw new InvalidOperationException($"Video {VideoId} belongs to another account.");
    }

    public async Task<VideoResult> CompleteUpload(CompleteUpload command)
    {
        if (await accounts.Load(command.AccountId) is not { } account)
        {
            return new VideoResult.NotFound();
        }

        var plan = plans.Of(account.Kind);
        var video = await store.Change(VideoId, async (connection, before) =>
        {
            if (before.AccountId != command.AccountId
                || before.Uploaded(command.Length, command.Sha256, time.UtcNow() + plan.Retention) is not { } after)
            {
                return null;
            }

            var probe = new TaskInput.Probe(
                Video.IncomingKey(VideoId), Video.SourceKey(VideoId), (long)plan.MaximumDuration.TotalMilliseconds, command.Sha256,
                Video.ThumbnailKey(VideoId));
            await TaskTable.Insert(connection, [new NewTask(before.AccountId, VideoId, JobId: null, Ordinal: 0, probe)]);
            return after;
        });
        return Visible(video, command.AccountId);
    }

    public async Task AbandonUpload()
    {
        var video = await store.Change(VideoId, (_, before) => Task.FromResult(before.Abandoned()));
        if (video is { State: VideoState.Deleted })
        {
            // Also when a sweep gave the upload up earlier: its last bytes may have been stored since.
            await DeleteObjects(video);
        }
    }

    public async Task Delete()
    {
        var video = await store.Change(VideoId, async (connection, before) =>
        {
            if (before.Deleted() is not { } after)
            {
                return null;
            }

            await TaskTable.CancelProbe(connection, VideoId);
            return after;
        });
        if (video is not null)
        {
            await DeleteObjects(video);
        }
    }

    public async Task<VideoResult> Get(Guid accountId, CancellationToken cancellationToken) =>
        Visible(await store.Load(VideoId, cancellationToken), accountId);

    public async Task<VideoContentResult> GetContent(VideoFile file, Guid? accountId, CancellationToken cancellationToken)
    {
        if (await store.Load(VideoId, cancellationToken) is not { State: not VideoState.Deleted } video
            || (accountId is not null && video.AccountId != accountId)
            || (!video.Pinned && video.ExpiresAt <= time.UtcNow()))
        {
            return new VideoContentResult.NotFound();
        }

        var key = file == VideoFile.Thumbnail ? Video.ThumbnailKey(VideoId) : Video.SourceKey(VideoId);
        return video is { State: VideoState.Ready, Media: { } media } && await store.FindFile(key, cancellationToken) is { } stored
            ? new VideoContentResult.Found(key, stored.File.Length, stored.File.Sha256, video.FileName, media, stored.At)
            : new VideoContentResult.NotReady(video.State);
    }

    public async Task Drive()
    {
        if (await store.Load(VideoId) is { State: VideoState.Uploading } video && video.CreatedAt < time.UtcNow() - options.Value.AbandonUploadsAfter)
        {
            await store.Change(VideoId, (_, before) => Task.FromResult(before.Abandoned()));
        }

        await DeleteOwedObject();
    }

    public async Task<TaskVerdict> StartTask(TaskLease lease) =>
        (await store.Report(VideoId, connection => TaskTable.Confirm(connection, lease), [], _ => null)).Verdict();

    public async Task<TaskVerdict> CompleteTask(TaskLease lease, TaskOutcome outcome)
    {
        IReadOnlyList<StoredFile> files = outcome is TaskOutcome.Playable { Files: var stored } ? stored : [];
        var report = await store.Report(VideoId, connection => TaskTable.Finish(connection, lease, resultKey: null), files, video => outcome switch
        {
            TaskOutcome.Playable playable => video.Probed(playable.Media, playable.ObjectKey, playable.Source.Sha256),
            TaskOutcome.Unplayable unplayable => video.Rejected(unplayable.Rejection),
            _ => throw new ArgumentException($"A probe does not end in {outcome.GetType().Name}.", nameof(outcome)),
        });
        await TryDeleteOwedObject();
        return report.Verdict();
    }

    public Task<TaskVerdict> FailTask(TaskLease lease, TaskFailure failure) => EndAttempt(lease, failure);

    public Task<TaskVerdict> LoseTask(TaskLease lease) => EndAttempt(lease, new TaskFailure(ProbeFailed, Retryable: true));

    private async Task<TaskVerdict> EndAttempt(TaskLease lease, TaskFailure failure)
    {
        var retry = retries.DelayBefore(lease, failure);
        LogAttemptEnded(VideoId, lease.TaskId, lease.Attempt, failure.Failure.Code, retry);
        var report = retry is { } delay
            ? await store.Report(VideoId, connection => TaskTable.Requeue(connection, lease, failure.Failure, delay), [], _ => null)
            : await store.Report(VideoId, connection => TaskTable.Fail(connection, lease, failure.Failure), [], video => video.Rejected(failure.Failure));
        await TryDeleteOwedObject();
        return report.Verdict();
    }

    /// <summary>The sweep comes back to what fails here.</summary>
    private async Task TryDeleteOwedObject()
    {
        try
        {
            await DeleteOwedObject();
        }
        catch (IOException fault)
        {
            LogDeletionOwed(fault, VideoId);
        }
    }

    private async Task DeleteOwedObject()
    {
        if (await store.Load(VideoId) is { OwesDeletion: true } video)
        {
            await DeleteObjects(video);
        }
    }

    private async Task DeleteObjects(Video video)
    {
        await partials.Drop(video.VideoId);
        // A probe may have moved the object before it was interrupted.
        await objects.Delete(Video.IncomingKey(video.VideoId), CancellationToken.None);
        await objects.Delete(Video.SourceKey(video.VideoId), CancellationToken.None);
        await objects.Delete(Video.ThumbnailKey(video.VideoId), CancellationToken.None);
        await store.Change(VideoId, async (connection, before) =>
        {
            await StoredObjects.ForgetVideo(connection, VideoId);
            return before.ObjectDeleted();
        });
    }

    private static VideoResult Visible(Video? video, Guid accountId) =>
        video is not null && video.AccountId == accountId && video.State != VideoState.Deleted
            ? new VideoResult.Found(video.Snapshot)
            : new VideoResult.NotFound();

    [LoggerMessage(LogLevel.Warning, "Video {VideoId}: attempt {Attempt} of task {TaskId} ended with {Code}; next attempt in {Delay}.")]
    private partial void LogAttemptEnded(Guid videoId, Guid taskId, int attempt, string code, TimeSpan? delay);

    [LoggerMessage(LogLevel.Warning, "Video {VideoId}: its object could not be deleted and still is to be.")]
    private partial void LogDeletionOwed(Exception fault, Guid videoId);
}
