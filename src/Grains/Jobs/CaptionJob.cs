using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Jobs;

namespace AX2Caption.Grains.Jobs;

/// <summary>
/// The pure core of a job: <c>queued → processing → succeeded | failed | canceled</c>. Each step answers with the next
/// state, or null where the step does not apply; an end state names the credit operation that it owes. <see cref="ExpiresAt"/>
/// is its video's, which alone decides it. <see cref="SpeechTotal"/> is the length of its chunks together, and null where they
/// were planned before that was noted; <see cref="ExpectedSpeed"/> is how many times faster than it is spoken recognition was
/// expected to be when work began; <see cref="Engine"/> is the one that it was priced with, and null where it was before that was noted.
/// </summary>
internal sealed record CaptionJob(
    Guid JobId,
    Guid AccountId,
    Guid VideoId,
    long Version,
    JobState State,
    JobStage Stage,
    string Language,
    string Profile,
    byte[] RequestHash,
    long Price,
    JobCredit Credit,
    TimeSpan Duration,
    int ChunksDone,
    int? ChunksTotal,
    string? OutputPrefix,
    Failure? Failure,
    bool HasWorkFiles,
    DateTimeOffset DeadlineAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset? PurgedAt = null,
    DateTimeOffset? ExpiresAt = null,
    bool HasReminder = false,
    TimeSpan? SpeechTotal = null,
    TimeSpan SpeechDone = default,
    DateTimeOffset? TranscribingSince = null,
    DateTimeOffset? ProgressedAt = null,
    double? ExpectedSpeed = null,
    string? DetectedLanguage = null,
    string? Engine = null)
{
    public bool IsLive => State is JobState.Queued or JobState.Processing;

    public bool OwesCredit => Credit is JobCredit.SettleOwed or JobCredit.ReleaseOwed;

    public bool OwesAnything => OwesCredit || (HasWorkFiles && !IsLive);

    public JobProgress Progress => new(Stage, Percent, ChunksDone, ChunksTotal);

    public JobSnapshot Snapshot => new(
        JobId, AccountId, VideoId, State, Language, Profile, Price, Progress, Failure, OutputPrefix, CreatedAt, StartedAt, EndedAt, ExpiresAt, PurgedAt,
        Version: Version,
        DetectedLanguage: DetectedLanguage);

    /// <summary>Extraction is quick, recognition is nearly all of the work, composing is quicker still.</summary>
    private int Percent => (State, Stage) switch
    {
        (JobState.Succeeded, _) => 100,
        (JobState.Queued, _) => 0,
        (_, JobStage.Prepare) => 1,
        (_, JobStage.Transcribe) => 5 + (int)(90 * ShareDone),
        (_, JobStage.Compose) => 97,
        _ => 0,
    };

    /// <summary>How much of the recognition is done, 0 to 1: by the length of the chunks, or by their number where that is all there is.</summary>
    public double ShareDone => SpeechTotal is { } total && total > TimeSpan.Zero
        ? SpeechDone / total
        : (double)ChunksDone / Math.Max(1, ChunksTotal ?? 1);

    /// <summary>What its owner is to see at a moment.</summary>
    public JobSnapshot SnapshotAt(DateTimeOffset now) => Snapshot with { EstimatedFinishAt = JobEstimate.Of(this, now) };

    /// <summary>A worker begins the first task: from here on there may be working files.</summary>
    public CaptionJob? Started(DateTimeOffset now, double? expectedSpeed = null) => State == JobState.Queued
        ? Next() with { State = JobState.Processing, StartedAt = now, HasWorkFiles = true, ProgressedAt = now, ExpectedSpeed = expectedSpeed }
        : null;

    /// <summary>Audio without speech has no chunks and goes straight on to composing.</summary>
    public CaptionJob? Prepared(IReadOnlyCollection<TimeSpan> chunks, DateTimeOffset now) =>
        State == JobState.Processing && Stage == JobStage.Prepare
            ? Next() with
            {
                Stage = chunks.Count > 0 ? JobStage.Transcribe : JobStage.Compose,
                ChunksTotal = chunks.Count,
                SpeechTotal = chunks.Aggregate(TimeSpan.Zero, (sum, chunk) => sum + chunk),
                TranscribingSince = now,
                ProgressedAt = now,
            }
            : null;

    /// <param name="length">The chunk's; zero from a worker that does not say.</param>
    /// <param name="now">The time.</param>
    public CaptionJob? ChunkTranscribed(TimeSpan length, DateTimeOffset now)
    {
        if (State != JobState.Processing || Stage != JobStage.Transcribe)
        {
            return null;
        }

        var isLast = ChunksDone + 1 == ChunksTotal;
        return Next() with
        {
            ChunksDone = ChunksDone + 1,
            SpeechDone = isLast ? SpeechTotal ?? default : SpeechDone + LengthOf(length),
            Stage = isLast ? JobStage.Compose : JobStage.Transcribe,
            ProgressedAt = now,
        };
    }

    /// <param name="outputPrefix">Where the captions are.</param>
    /// <param name="language">The language, where it was to be found out and was.</param>
    /// <param name="now">The time.</param>
    public CaptionJob? Composed(string outputPrefix, string? language, DateTimeOffset now) =>
        State == JobState.Processing && Stage == JobStage.Compose
            ? Next() with
            {
                State = JobState.Succeeded, OutputPrefix = outputPrefix, DetectedLanguage = language, Credit = JobCredit.SettleOwed, EndedAt = now,
            }
            : null;

    public CaptionJob? Failed(Failure failure, DateTimeOffset now) =>
        IsLive ? Next() with { State = JobState.Failed, Failure = failure, Credit = JobCredit.ReleaseOwed, EndedAt = now } : null;

    public CaptionJob? Canceled(DateTimeOffset now) =>
        IsLive ? Next() with { State = JobState.Canceled, Credit = JobCredit.ReleaseOwed, EndedAt = now } : null;

    /// <summary>The owed credit operation is in the ledger.</summary>
    public CaptionJob? CreditDelivered() => Credit switch
    {
        JobCredit.SettleOwed => Next() with { Credit = JobCredit.Settled },
        JobCredit.ReleaseOwed => Next() with { Credit = JobCredit.Released },
        _ => null,
    };

    /// <summary>The ledger ended the hold in another way first: nothing can be owed any more.</summary>
    public CaptionJob? CreditLapsed() => OwesCredit ? Next() with { Credit = JobCredit.Lapsed } : null;

    public CaptionJob? WorkFilesDeleted() => HasWorkFiles && !IsLive ? Next() with { HasWorkFiles = false } : null;

    /// <summary>From here on its reminder drives it, wherever a crash falls.</summary>
    public CaptionJob? Reminded() => IsLive && !HasReminder ? Next() with { HasReminder = true } : null;

    /// <summary>All that was stored of it is to go; what it was and what it cost stays.</summary>
    public CaptionJob? Purged(DateTimeOffset now) => IsLive || PurgedAt is not null
        ? null
        : Next() with { OutputPrefix = null, PurgedAt = now };

    /// <summary>Never more than is left, whatever was said; an even share of that if nothing was.</summary>
    private TimeSpan LengthOf(TimeSpan said)
    {
        var left = (SpeechTotal ?? default) - SpeechDone;
        var length = said > TimeSpan.Zero ? said : left / Math.Max(1, (ChunksTotal ?? 1) - ChunksDone);
        return length < left ? length : left;
    }

    private CaptionJob Next() => this with { Version = Version + 1 };
}

/// <summary>What became of a job's credits; the names are stored.</summary>
internal enum JobCredit
{
    /// <summary>Held while the job lives.</summary>
    Held,

    /// <summary>The job succeeded; the hold is to be spent.</summary>
    SettleOwed,

    /// <summary>The job failed or was canceled; the hold is to be returned.</summary>
    ReleaseOwed,

    /// <summary>Spent.</summary>
    Settled,

    /// <summary>Returned.</summary>
    Released,

    /// <summary>The hold had ended by itself before the job did.</summary>
    Lapsed,
}
