using System.Security.Cryptography;
using System.Text.Json;
using AX2Caption.Captions;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Credits;
using AX2Caption.Grains.Identity;
using AX2Caption.Grains.Time;
using AX2Caption.Grains.Transcription;
using AX2Caption.Grains.Videos;
using AX2Caption.Grains.Work;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Jobs;

/// <summary>
/// Runs one job's state machine. The row decides under its lock; a credit operation that an end state owes is delivered
/// with an id derived from the job, again and again until the ledger has it.
/// </summary>
internal sealed partial class CaptionJobGrain(
    JobStore store,
    JobDelivery delivery,
    Transcribers transcribers,
    RetryPolicy retries,
    IOptions<JobOptions> jobOptions,
    IOptions<CreditOptions> creditOptions,
    TimeProvider time,
    ILogger<CaptionJobGrain> logger) : Grain, ICaptionJobGrain, IRemindable
{
    private const string ProcessingReminder = "processing";

    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly Failure WorkerLost = new("worker_lost", "The work was interrupted too often. Please try again later.");
    private static readonly Failure DeadlineExceeded = new("deadline_exceeded", "The job did not end in time. Please try again later.");

    private Guid JobId => this.GetPrimaryKey();

    public async Task<SubmitJobResult> Submit(SubmitJob command)
    {
        var requestHash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(command));
        if (await store.Load(JobId) is { } existing)
        {
            return Repeat(existing, requestHash);
        }

        if (!transcribers.TryFor(command.Language, out _))
        {
            return new SubmitJobResult.LanguageNotServed(transcribers.Languages);
        }

        var profile = command.Profile ?? LayoutProfiles.DefaultFor(command.Language).Name;
        if (!LayoutProfiles.TryGet(profile, out _))
        {
            return new SubmitJobResult.ProfileUnknown([.. LayoutProfiles.All.Select(known => known.Name)]);
        }

        if (await GrainFactory.GetGrain<IVideoGrain>(command.VideoId).Get(command.AccountId, CancellationToken.None)
            is not VideoResult.Found { Video: var video })
        {
            return new SubmitJobResult.VideoNotFound();
        }

        return video.State switch
        {
            VideoState.Ready => await Create(command, requestHash, profile, video.Media!),
            VideoState.Rejected => new SubmitJobResult.VideoRejected(video.Rejection!),
            _ => new SubmitJobResult.VideoNotReady(),
        };
    }

    public async Task<JobResult> Get(Guid accountId, CancellationToken cancellationToken) =>
        await store.Load(JobId, cancellationToken) is { } job && job.AccountId == accountId
            ? new JobResult.Found(job.Snapshot)
            : new JobResult.NotFound();

    public async Task<CancelJobResult> Cancel(Guid accountId)
    {
        var job = await store.Change(JobId, before => before.AccountId == accountId ? before.Canceled(time.UtcNow()) : null);
        if (job is null || job.AccountId != accountId)
        {
            return new CancelJobResult.NotFound();
        }

        await Deliver();
        return job.State == JobState.Canceled ? new CancelJobResult.Canceled(job.Snapshot) : new CancelJobResult.AlreadyEnded(job.Snapshot);
    }

    public async Task<TaskVerdict> StartTask(TaskLease lease) =>
        (await store.Report(JobId, connection => TaskTable.Confirm(connection, lease), job => job.Started(time.UtcNow()))).Verdict();

    public async Task<TaskVerdict> CompleteTask(TaskLease lease, TaskOutcome outcome)
    {
        var report = outcome switch
        {
            TaskOutcome.Prepared prepared => await store.Report(
                JobId,
                connection => TaskTable.Finish(connection, lease, prepared.AudioKey),
                job => job.Prepared(prepared.Chunks.Count),
                job => prepared.Chunks.Count > 0 ? [.. prepared.Chunks.Select(chunk => Transcribe(job, prepared.AudioKey, chunk))] : [Compose(job)]),
            TaskOutcome.Transcribed transcribed => await store.Report(
                JobId,
                connection => TaskTable.Finish(connection, lease, transcribed.WordsKey),
                job => job.ChunkTranscribed(),
                job => job.Stage == JobStage.Compose ? [Compose(job)] : []),
            TaskOutcome.Composed composed => await store.Report(
                JobId,
                connection => TaskTable.Finish(connection, lease, composed.OutputPrefix),
                job => job.Composed(composed.OutputPrefix, time.UtcNow())),
            _ => throw new ArgumentException($"A job's task does not end in {outcome.GetType().Name}.", nameof(outcome)),
        };
        await Deliver();
        return report.Verdict();
    }

    public Task<TaskVerdict> FailTask(TaskLease lease, TaskFailure failure) => EndAttempt(lease, failure);

    public Task<TaskVerdict> LoseTask(TaskLease lease) => EndAttempt(lease, new TaskFailure(WorkerLost, Retryable: true));

    public async Task Drive()
    {
        await store.Change(JobId, job => job.DeadlineAt < time.UtcNow() ? job.Failed(DeadlineExceeded, time.UtcNow()) : null);
        await Deliver();
    }

    async Task IRemindable.ReceiveReminder(string reminderName, TickStatus status)
    {
        await Drive();
        var finished = await store.Load(JobId) is not { } job || (!job.IsLive && !job.OwesAnything);
        if (finished && await this.GetReminder(reminderName) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    private async Task<SubmitJobResult> Create(SubmitJob command, byte[] requestHash, string profile, MediaSummary media)
    {
        var limit = jobOptions.Value.MaximumLiveJobsPerAccount;
        if (await store.CountLive(command.AccountId) >= limit)
        {
            return new SubmitJobResult.TooManyJobs(limit);
        }

        var now = time.UtcNow();
        var price = creditOptions.Value.PriceOf(media.Duration);
        var reserve = new ReserveCredits(
            DerivedId.From(JobId, "reserve"), JobId, price, now + creditOptions.Value.HoldLifetime, "Captions are being made.");
        switch (await GrainFactory.GetGrain<IUserCreditGrain>(command.AccountId).Reserve(reserve))
        {
            case CreditResult.Applied { Hold.State: CreditHoldState.Open }:
                break;
            case CreditResult.InsufficientCredits refused:
                return new SubmitJobResult.InsufficientCredits(refused.Required, refused.Available);
            case CreditResult.AccountNotFound:
                return new SubmitJobResult.VideoNotFound();
            default:
                // Held under this key before, for another amount or so long ago that the hold is over: the key is spent.
                return new SubmitJobResult.KeyReused();
        }

        // The reminder goes first: between it and the row a crash leaves a tick that finds nothing and ends itself.
        await this.RegisterOrUpdateReminder(ProcessingReminder, ReminderPeriod, ReminderPeriod);
        var job = new CaptionJob(
            JobId, command.AccountId, command.VideoId, 1, JobState.Queued, JobStage.Prepare, command.Language, profile, requestHash,
            price, JobCredit.Held, media.Duration, 0, null, null, null, false, now + jobOptions.Value.Deadline, now, null, null);
        var prepare = new TaskInput.Prepare(Video.SourceKey(command.VideoId), media.AudioStream, (long)media.Duration.TotalMilliseconds);
        if (!await store.TryInsert(job, new NewTask(job.AccountId, job.VideoId, JobId, Ordinal: 0, prepare)))
        {
            return Repeat((await store.Load(JobId))!, requestHash);
        }

        LogQueued(JobId, job.AccountId, price);
        return new SubmitJobResult.Accepted(job.Snapshot, Replayed: false);
    }

    private async Task<TaskVerdict> EndAttempt(TaskLease lease, TaskFailure failure)
    {
        var retry = retries.DelayBefore(lease, failure);
        LogAttemptEnded(JobId, lease.TaskId, lease.Attempt, failure.Failure.Code, retry);
        var report = retry is { } delay
            ? await store.Report(JobId, connection => TaskTable.Requeue(connection, lease, failure.Failure, delay), _ => null)
            : await store.Report(
                JobId, connection => TaskTable.Fail(connection, lease, failure.Failure), job => job.Failed(failure.Failure, time.UtcNow()));
        await Deliver();
        return report.Verdict();
    }

    private async Task Deliver()
    {
        if (await store.Load(JobId) is not { OwesAnything: true } job)
        {
            return;
        }

        await delivery.Deliver(job);
        LogEnded(JobId, job.AccountId, job.State, job.Failure?.Code);
    }

    private static SubmitJobResult Repeat(CaptionJob existing, byte[] requestHash) =>
        existing.RequestHash.AsSpan().SequenceEqual(requestHash)
            ? new SubmitJobResult.Accepted(existing.Snapshot, Replayed: true)
            : new SubmitJobResult.KeyReused();

    private static NewTask Transcribe(CaptionJob job, string audioKey, ChunkSpan chunk) =>
        new(job.AccountId, job.VideoId, job.JobId, chunk.Ordinal, new TaskInput.Transcribe(
            audioKey, (long)chunk.Start.TotalMilliseconds, (long)chunk.End.TotalMilliseconds, job.Language));

    private static NewTask Compose(CaptionJob job) =>
        new(job.AccountId, job.VideoId, job.JobId, Ordinal: 0, new TaskInput.Compose(
            job.Language, job.Profile, (long)job.Duration.TotalMilliseconds));

    [LoggerMessage(LogLevel.Information, "Job {JobId} of account {AccountId} is queued; {Price} credits are held.")]
    private partial void LogQueued(Guid jobId, Guid accountId, long price);

    [LoggerMessage(LogLevel.Information, "Job {JobId} of account {AccountId} ended: {State} {Code}.")]
    private partial void LogEnded(Guid jobId, Guid accountId, JobState state, string? code);

    [LoggerMessage(LogLevel.Warning, "Job {JobId}: attempt {Attempt} of task {TaskId} ended with {Code}; next attempt in {Delay}.")]
    private partial void LogAttemptEnded(Guid jobId, Guid taskId, int attempt, string code, TimeSpan? delay);
}
