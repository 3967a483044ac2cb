using System.Security.Cryptography;
using System.Text.Json;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Time;
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
    JobWriter writer,
    JobDelivery delivery,
    SubmissionReader submissions,
    JobTermsFinder terms,
    JobHold hold,
    JobRequeue requeue,
    ExpectedSpeed speed,
    QuoteStore quotes,
    RetryPolicy retries,
    IOptions<JobOptions> options,
    TimeProvider time,
    ILogger<CaptionJobGrain> logger) : Grain, ICaptionJobGrain, IRemindable, IIncomingGrainCallFilter
{
    private const string ProcessingReminder = "processing";

    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RemindAfter = TimeSpan.FromSeconds(30);
    private static readonly Failure WorkerLost = new("worker_lost", "The work was interrupted too often. Please try again later.");
    private static readonly Failure DeadlineExceeded = new("deadline_exceeded", "The job did not end in time. Please try again later.");

    private static readonly Failure HoldExpired =
        new("hold_expired", "The service was away for so long that the job's credits were returned. Please start it again.");

    private readonly JobWatchers watchers = new(time);

    /// <summary>The job as this activation saw it last: a hint, since another may have moved it.</summary>
    private CaptionJob? seen;

    /// <summary>The last extension of the hold that this activation saw done.</summary>
    private int extension;

    private IGrainTimer? untilReminder;

    private Guid JobId => this.GetPrimaryKey();

    public async Task<SubmitJobResult> Submit(SubmitJob command)
    {
        var requestHash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(command));
        var before = await submissions.Look(JobId, command.AccountId, command.VideoId);
        if (before.Job is { } existing)
        {
            return existing.AccountId == command.AccountId ? Repeat(existing, requestHash) : new SubmitJobResult.AccountClosed();
        }

        return terms.Find(command, before.Video) switch
        {
            JobTermsResult.Found { Terms: var found } => await Create(command, requestHash, found, before.Live),
            JobTermsResult.Refused { Refusal: var refusal } => refusal,
            var unknown => throw new InvalidOperationException($"Unknown terms {unknown.GetType().Name}."),
        };
    }

    public async Task<JobResult> Get(Guid accountId, CancellationToken cancellationToken) =>
        await store.Load(JobId, cancellationToken) is { } job && job.AccountId == accountId
            ? new JobResult.Found(job.SnapshotAt(time.UtcNow()))
            : new JobResult.NotFound();

    public async Task<JobResult> Watch(Guid accountId, long knownVersion, TimeSpan wait, CancellationToken cancellationToken) =>
        await watchers.Next(token => store.Load(JobId, token), knownVersion, wait, cancellationToken) is { } job && job.AccountId == accountId
            ? new JobResult.Found(job.SnapshotAt(time.UtcNow()))
            : new JobResult.NotFound();

    public async Task<CancelJobResult> Cancel(Guid accountId)
    {
        var job = await writer.Change(JobId, before => before.AccountId == accountId ? before.Canceled(time.UtcNow()) : null);
        if (job is null || job.AccountId != accountId)
        {
            return new CancelJobResult.NotFound();
        }

        await Deliver(job);
        return job.State == JobState.Canceled ? new CancelJobResult.Canceled(job.Snapshot) : new CancelJobResult.AlreadyEnded(job.Snapshot);
    }

    public async Task<RequeueJobResult> Requeue() => await requeue.Requeue(JobId) switch
    {
        { Job: null } => new RequeueJobResult.NotFound(),
        { Job: { IsLive: false } ended } => new RequeueJobResult.AlreadyEnded(ended.Snapshot),
        { Tasks: var tasks } => new RequeueJobResult.Requeued(tasks),
    };

    public async Task Purge()
    {
        var job = await writer.Change(JobId, before => before.Canceled(time.UtcNow()));
        if (job is null)
        {
            return;
        }

        await Deliver(job);
        await writer.Change(JobId, before => before.Purged(time.UtcNow()));
        await delivery.DeleteFiles(JobId);
    }

    public async Task<TaskVerdict> StartTask(TaskLease lease) =>
        (await Report(TaskStep.Begun(lease), job => job.Started(time.UtcNow(), speed.Of(job.Language)))).Verdict;

    public async Task<TaskVerdict> CompleteTask(TaskLease lease, TaskOutcome outcome)
    {
        // A job that has lost its hold in an outage must not succeed for nothing: this ends it before its result is taken.
        if (outcome is TaskOutcome.Composed)
        {
            await ExtendHoldIfDue();
        }

        var changed = outcome switch
        {
            TaskOutcome.Prepared prepared => await Report(
                TaskStep.Done(lease, prepared.AudioKey),
                job => job.Prepared([.. prepared.Chunks.Select(chunk => chunk.End - chunk.Start)], time.UtcNow()),
                job => prepared.Chunks.Count > 0 ? [.. prepared.Chunks.Select(chunk => Transcribe(job, prepared.AudioKey, chunk))] : [Compose(job)]),
            TaskOutcome.Transcribed transcribed => await Report(
                TaskStep.Done(lease, transcribed.WordsKey),
                job => speed.Note(job.ChunkTranscribed(transcribed.Length, time.UtcNow())),
                job => job.Stage == JobStage.Compose ? [Compose(job)] : []),
            TaskOutcome.Composed composed => await Report(
                TaskStep.Done(lease, composed.OutputPrefix),
                job => job.Composed(composed.OutputPrefix, composed.Language, time.UtcNow()),
                files: composed.Files),
            _ => throw new ArgumentException($"A job's task does not end in {outcome.GetType().Name}.", nameof(outcome)),
        };
        await Deliver(changed.Job);
        return changed.Verdict;
    }

    public Task<TaskVerdict> FailTask(TaskLease lease, TaskFailure failure) => EndAttempt(lease, failure);

    public Task<TaskVerdict> LoseTask(TaskLease lease) => EndAttempt(lease, new TaskFailure(WorkerLost, Retryable: true), isLost: true);

    public async Task Drive()
    {
        var job = await writer.Change(JobId, job => job.DeadlineAt < time.UtcNow() ? job.Failed(DeadlineExceeded, time.UtcNow()) : null);
        if (job is { IsLive: true, HasReminder: false })
        {
            await KeepReminding();
        }

        if (job is { IsLive: true } or { Credit: JobCredit.SettleOwed })
        {
            await ExtendHold(job);
            job = await store.Load(JobId);
        }

        await Deliver(job);
    }

    /// <summary>Whatever a call may have committed, those who watch are told when it has ended, well or not.</summary>
    async Task IIncomingGrainCallFilter.Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        finally
        {
            if (context.MethodName is not (nameof(Watch) or nameof(Get)))
            {
                watchers.Wake();
            }
        }
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

    private async Task<SubmitJobResult> Create(SubmitJob command, byte[] requestHash, JobTerms terms, int live)
    {
        var limit = options.Value.MaximumLiveJobsPerAccount;
        if (live >= limit)
        {
            return new SubmitJobResult.TooManyJobs(limit);
        }

        var now = time.UtcNow();
        if (await Price(command, terms, now) is not { } price)
        {
            return new SubmitJobResult.QuoteNotValid();
        }

        CreditHold held;
        switch (await hold.Open(JobId, command.AccountId, price.Credits, now))
        {
            case CreditResult.Applied { Hold: { State: CreditHoldState.Open } open }:
                held = open;
                break;
            case CreditResult.InsufficientCredits refused:
                return new SubmitJobResult.InsufficientCredits(refused.Required, refused.Available);
            case CreditResult.LimitReached reached:
                return new SubmitJobResult.TooManyJobs(reached.Limit);
            case CreditResult.Busy:
                return new SubmitJobResult.Busy();
            case CreditResult.AccountMoved or CreditResult.AccountNotFound:
                return new SubmitJobResult.AccountClosed();
            default:
                // Held under this key before, for another amount or so long ago that the hold is over: the key is spent.
                return new SubmitJobResult.KeyReused();
        }

        var job = new CaptionJob(
            JobId, command.AccountId, command.VideoId, 1, JobState.Queued, JobStage.Prepare, terms.Language, terms.Profile,
            requestHash, price.Credits, JobCredit.Held, terms.Audio.Duration, 0, null, null, null, false, now + options.Value.Deadline, now, null, null,
            ExpiresAt: terms.ExpiresAt, Engine: price.Engine);
        var prepare = new TaskInput.Prepare(Video.SourceKey(command.VideoId), terms.Audio.Stream, (long)terms.Audio.Duration.TotalMilliseconds);
        var insertion = await writer.Insert(job, new NewTask(job.AccountId, job.VideoId, JobId, Ordinal: 0, prepare, PriorityOf(job)));
        if (insertion != JobInsertion.Inserted)
        {
            if (await store.Load(JobId) is { } winner && winner.AccountId == command.AccountId)
            {
                return Repeat(winner, requestHash);
            }

            if (insertion != JobInsertion.VideoGone)
            {
                return new SubmitJobResult.AccountClosed();
            }

            // There will be no job to give the hold back; should this fail, the hold ends by itself.
            await hold.GiveBack(JobId, command.AccountId);
            return new SubmitJobResult.VideoNotFound();
        }

        if (hold.EndsEarly(job, held))
        {
            await hold.Extend(job, extension: 0);
        }

        seen = job;
        RemindLater();
        LogQueued(JobId, job.AccountId, price.Credits);
        return new SubmitJobResult.Accepted(job.Snapshot, Replayed: false);
    }

    /// <summary>
    /// The quoted price, whatever the prices are by now, for the engine that was quoted, whichever is preferred by now; or the price of the
    /// moment. Null if the quote is not good, or its engine is gone.
    /// </summary>
    private async Task<QuotedPrice?> Price(SubmitJob command, JobTerms found, DateTimeOffset now)
    {
        if (command.QuoteId is not { } quoteId)
        {
            return new QuotedPrice(found.Price.Credits, found.Engine);
        }

        return await quotes.PriceOf(quoteId, command, found, now) is { } quoted && terms.IsServed(found.Language, quoted.Engine) ? quoted : null;
    }

    private async Task<TaskVerdict> EndAttempt(TaskLease lease, TaskFailure failure, bool isLost = false)
    {
        var retry = retries.PauseAfter(lease, failure);
        LogAttemptEnded(JobId, lease.TaskId, lease.Attempt, failure.Failure.Code, retry?.Shortest);
        var changed = retry is { } pause
            ? await Report(TaskStep.Again(lease, failure.Failure, pause) with { IfLapsed = isLost }, _ => null)
            : await Report(TaskStep.Failed(lease, failure.Failure) with { IfLapsed = isLost }, job => job.Failed(failure.Failure, time.UtcNow()));
        await Deliver(changed.Job);
        return changed.Verdict;
    }

    private async Task<JobChanged> Report(
        TaskStep step,
        Func<CaptionJob, CaptionJob?> decide,
        Func<CaptionJob, IReadOnlyList<NewTask>>? follow = null,
        IReadOnlyList<StoredFile>? files = null)
    {
        var changed = await writer.Report(JobId, step, decide, follow, files);
        seen = changed.Job;
        return changed;
    }

    /// <summary>
    /// Most jobs have ended before they need a reminder. Should this activation not live to register it, the sweep finds a job
    /// without one.
    /// </summary>
    private void RemindLater() => untilReminder = this.RegisterGrainTimer(
        _ => seen is { IsLive: true, HasReminder: false } ? KeepReminding() : Task.CompletedTask,
        new GrainTimerCreationOptions(RemindAfter, Timeout.InfiniteTimeSpan));

    private async Task KeepReminding()
    {
        await this.RegisterOrUpdateReminder(ProcessingReminder, ReminderPeriod, ReminderPeriod);
        seen = await writer.Change(JobId, before => before.Reminded());
    }

    /// <summary>Reads the job only when its hold could need it.</summary>
    private async Task ExtendHoldIfDue()
    {
        if (seen is { } known && hold.ExtensionDue(known, time.UtcNow()) <= extension)
        {
            return;
        }

        if (await store.Load(JobId) is { IsLive: true } live)
        {
            await ExtendHold(live);
        }
    }

    /// <summary>A job keeps its hold until it is paid; a live one that has lost it never can be, and ends.</summary>
    private async Task ExtendHold(CaptionJob job)
    {
        var due = hold.ExtensionDue(job, time.UtcNow());
        if (due <= extension)
        {
            return;
        }

        switch (await hold.Extend(job, due))
        {
            case CreditResult.Applied or CreditResult.InvalidExpiry:
                extension = due;
                break;
            case CreditResult.HoldNotOpen or CreditResult.HoldNotFound:
                await writer.Change(JobId, before => before.Failed(HoldExpired, time.UtcNow()));
                break;
        }
    }

    private async Task Deliver(CaptionJob? job)
    {
        if (job is not { OwesAnything: true })
        {
            return;
        }

        untilReminder?.Dispose();
        await delivery.Deliver(job);
        LogEnded(JobId, job.AccountId, job.State, job.Failure?.Code);
    }

    private SubmitJobResult Repeat(CaptionJob existing, byte[] requestHash) =>
        existing.RequestHash.AsSpan().SequenceEqual(requestHash)
            ? new SubmitJobResult.Accepted(existing.SnapshotAt(time.UtcNow()), Replayed: true)
            : new SubmitJobResult.KeyReused();

    private NewTask Transcribe(CaptionJob job, string audioKey, ChunkSpan chunk) => new(
        job.AccountId, job.VideoId, job.JobId, chunk.Ordinal,
        new TaskInput.Transcribe(audioKey, (long)chunk.Start.TotalMilliseconds, (long)chunk.End.TotalMilliseconds, job.Language, job.Engine),
        PriorityOf(job));

    private NewTask Compose(CaptionJob job) => new(
        job.AccountId, job.VideoId, job.JobId, Ordinal: 0,
        new TaskInput.Compose(job.Language, job.Profile, (long)job.Duration.TotalMilliseconds),
        PriorityOf(job));

    private TaskPriority PriorityOf(CaptionJob job) => new(job.Duration <= options.Value.UrgentUpTo, job.CreatedAt);

    [LoggerMessage(LogLevel.Information, "Job {JobId} of account {AccountId} is queued; {Price} credits are held.")]
    private partial void LogQueued(Guid jobId, Guid accountId, long price);

    [LoggerMessage(LogLevel.Information, "Job {JobId} of account {AccountId} ended: {State} {Code}.")]
    private partial void LogEnded(Guid jobId, Guid accountId, JobState state, string? code);

    [LoggerMessage(LogLevel.Warning, "Job {JobId}: attempt {Attempt} of task {TaskId} ended with {Code}; next attempt in {Delay} or more.")]
    private partial void LogAttemptEnded(Guid jobId, Guid taskId, int attempt, string code, TimeSpan? delay);
}
