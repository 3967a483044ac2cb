using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Retention;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Accounts;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Retention;
using AX2Caption.Grains.Time;
using AX2Caption.Grains.Work;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Videos;

internal sealed partial class VideoGrain(
    VideoStore store,
    AccountStore accounts,
    Plans.Plans plans,
    VideoDeletion deletion,
    DeletionReceipts receipts,
    Pins pins,
    RetryPolicy retries,
    IOptions<VideoOptions> options,
    TimeProvider time,
    ILogger<VideoGrain> logger) : Grain, IVideoGrain, IRemindable
{
    private const string ExpiryReminder = "expiry";

    /// <summary>How often the end of a job is looked for that a video whose time is over waits for.</summary>
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(10);

    /// <summary>As far as a reminder reaches; one that comes before its time is set again.</summary>
    private static readonly TimeSpan LongestReminder = TimeSpan.FromDays(30);

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
            // The reminder goes first: between it and the row a crash leaves a tick that finds nothing and ends itself.
            await Remind(video.ExpiresAt);
            switch (await store.TryInsert(video, plan.MaximumVideos))
            {
                case VideoInsertion.AccountNotOpen:
                    await EndReminder();
                    return new BeginUploadResult.AccountNotFound();
                case VideoInsertion.LimitReached:
                    await EndReminder();
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
            var priority = new TaskPriority(IsUrgent: true, time.UtcNow());
            var first = new NewTask(before.AccountId, VideoId, JobId: null, Ordinal: 0, probe, priority);
            await connection.InOneGo(batch => TaskTable.Insert(batch, [first]));
            return after;
        });
        var answer = Visible(video, command.AccountId);
        if (answer is VideoResult.Found { Video: { State: VideoState.Probing, ExpiresAt: { } expiresAt } })
        {
            // A crash before this leaves the earlier reminder, which finds that its time has not come.
            await Remind(expiresAt);
        }

        return answer;
    }

    public async Task AbandonUpload()
    {
        var video = await deletion.Begin(
            VideoId, DeletionReason.Abandoned, (_, before) => Task.FromResult(before.State == VideoState.Uploading));
        if (video is { State: VideoState.Deleted })
        {
            // Also when a sweep gave the upload up earlier: its last bytes may have been stored since.
            await Finish();
        }
    }

    public async Task Delete()
    {
        if (await deletion.Begin(VideoId, DeletionReason.Account, (_, _) => Task.FromResult(true)) is not null)
        {
            await Finish();
        }
    }

    public async Task<DeleteVideoResult> DeleteByOwner(Guid accountId)
    {
        await deletion.Begin(VideoId, DeletionReason.Owner, (_, before) => Task.FromResult(before.AccountId == accountId));
        if (await receipts.Find(accountId, VideoId) is null)
        {
            return new DeleteVideoResult.NotFound();
        }

        await TryFinish();
        return new DeleteVideoResult.Deleted((await receipts.Find(accountId, VideoId))!);
    }

    public Task<PinVideoResult> Pin(Guid accountId) => pins.Pin(VideoId, accountId);

    public async Task<VideoResult> Unpin(Guid accountId)
    {
        var answer = Visible(await pins.Unpin(VideoId, accountId), accountId);
        if (answer is VideoResult.Found { Video.ExpiresAt: { } expiresAt })
        {
            // While it was pinned its reminder may have come by, and ended itself.
            await Remind(expiresAt);
        }

        return answer;
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
            : new VideoContentResult.NotReady(video.State, video.Rejection);
    }

    public async Task Drive()
    {
        await GiveUpIfNeverCompleted();
        await DeleteIfOver();
        await FinishWhatIsOwed();
    }

    async Task IRemindable.ReceiveReminder(string reminderName, TickStatus status)
    {
        await DeleteIfOver();
        await FinishWhatIsOwed();
        switch (await store.Load(VideoId))
        {
            case null or { Pinned: true }:
                await EndReminder();
                break;
            case { State: VideoState.Deleted } when !await deletion.IsOpen(VideoId):
                // It ended as the deletion did, unless a crash came between.
                await EndReminder();
                break;
            case { State: not VideoState.Deleted } video when !video.IsOver(time.UtcNow()):
                await Remind(video.ExpiresAt);
                break;
        }
    }

    public async Task<TaskVerdict> StartTask(TaskLease lease) =>
        (await store.Report(VideoId, TaskStep.Begun(lease), [], _ => null)).Verdict();

    public async Task<TaskVerdict> CompleteTask(TaskLease lease, TaskOutcome outcome)
    {
        IReadOnlyList<StoredFile> files = outcome is TaskOutcome.Playable { Files: var stored } ? stored : [];
        var report = await store.Report(VideoId, TaskStep.Done(lease, resultKey: null), files, video => outcome switch
        {
            TaskOutcome.Playable playable => video.Probed(playable.Media, playable.ObjectKey, playable.Source.Sha256),
            TaskOutcome.Unplayable unplayable => video.Rejected(unplayable.Rejection),
            _ => throw new ArgumentException($"A probe does not end in {outcome.GetType().Name}.", nameof(outcome)),
        });
        await TryFinish();
        return report.Verdict();
    }

    public Task<TaskVerdict> FailTask(TaskLease lease, TaskFailure failure) => EndAttempt(lease, failure);

    public Task<TaskVerdict> LoseTask(TaskLease lease) => EndAttempt(lease, new TaskFailure(ProbeFailed, Retryable: true), isLost: true);

    private async Task<TaskVerdict> EndAttempt(TaskLease lease, TaskFailure failure, bool isLost = false)
    {
        // In an outage it waits for as long as the video is kept.
        var retry = retries.PauseAfter(lease, failure);
        LogAttemptEnded(VideoId, lease.TaskId, lease.Attempt, failure.Failure.Code, retry?.Shortest);
        var report = retry is { } pause
            ? await store.Report(VideoId, TaskStep.Again(lease, failure.Failure, pause) with { IfLapsed = isLost }, [], _ => null)
            : await store.Report(VideoId, TaskStep.Failed(lease, failure.Failure) with { IfLapsed = isLost }, [], video => video.Rejected(failure.Failure));
        await TryFinish();
        return report.Verdict();
    }

    private Task GiveUpIfNeverCompleted() => deletion.Begin(VideoId, DeletionReason.Abandoned, async (connection, before) =>
        before.State == VideoState.Uploading
        && before.CreatedAt < time.UtcNow() - options.Value.AbandonUploadsAfter
        && !await VideoStore.ArrivesInPieces(connection, VideoId));

    private async Task DeleteIfOver()
    {
        if (await store.Load(VideoId) is { State: var state and not VideoState.Deleted } video && video.IsOver(time.UtcNow()))
        {
            var reason = state == VideoState.Uploading ? DeletionReason.Abandoned : DeletionReason.Expired;
            await deletion.Begin(VideoId, reason, (_, before) => Task.FromResult(before.State == state && before.IsOver(time.UtcNow())));
        }
    }

    /// <summary>Whatever fails here, what was to be answered is committed; the sweeps come back to it.</summary>
    private async Task TryFinish()
    {
        try
        {
            await FinishWhatIsOwed();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            LogDeletionOwed(fault, VideoId);
        }
    }

    private async Task FinishWhatIsOwed()
    {
        switch (await store.Load(VideoId))
        {
            case { State: VideoState.Deleted } deleted when deleted.OwesDeletion || await deletion.IsOpen(VideoId):
                await Finish();
                break;
            case { State: VideoState.Rejected, OwesDeletion: true }:
                await deletion.DeleteObjects(VideoId);
                break;
        }
    }

    private async Task Finish()
    {
        if (await deletion.Finish(VideoId))
        {
            await EndReminder();
        }
    }

    private Task Remind(DateTimeOffset expiresAt)
    {
        var wait = expiresAt - time.UtcNow();
        return this.RegisterOrUpdateReminder(
            ExpiryReminder, wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestReminder ? wait : LongestReminder, ReminderPeriod);
    }

    private async Task EndReminder()
    {
        if (await this.GetReminder(ExpiryReminder) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    private static VideoResult Visible(Video? video, Guid accountId) =>
        video is not null && video.AccountId == accountId && video.State != VideoState.Deleted
            ? new VideoResult.Found(video.Snapshot)
            : new VideoResult.NotFound();

    [LoggerMessage(LogLevel.Warning, "Video {VideoId}: attempt {Attempt} of task {TaskId} ended with {Code}; next attempt in {Delay} or more.")]
    private partial void LogAttemptEnded(Guid videoId, Guid taskId, int attempt, string code, TimeSpan? delay);

    [LoggerMessage(LogLevel.Warning, "Video {VideoId}: what is stored of it could not be deleted and still is to be.")]
    private partial void LogDeletionOwed(Exception fault, Guid videoId);
}
