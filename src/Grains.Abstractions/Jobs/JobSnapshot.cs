namespace AX2Caption.Grains.Abstractions.Jobs;

/// <summary>A job as its owner sees it.</summary>
/// <param name="JobId">Its id.</param>
/// <param name="AccountId">Its owner.</param>
/// <param name="VideoId">The video it captions.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Language">BCP 47 tag of the speech, or <c>auto</c>.</param>
/// <param name="Profile">Name of the layout profile, or <c>auto</c> for the default of the language found.</param>
/// <param name="Price">Credits held for it, and spent when it succeeds.</param>
/// <param name="Progress">How far it is.</param>
/// <param name="Failure">Why it failed; null unless <see cref="JobState.Failed"/>.</param>
/// <param name="OutputPrefix">Where its captions are in the object store; null unless <see cref="JobState.Succeeded"/>.</param>
/// <param name="CreatedAt">When it was submitted.</param>
/// <param name="StartedAt">When a worker first took it up.</param>
/// <param name="EndedAt">When it reached its end state.</param>
/// <param name="ExpiresAt">When its video is to be deleted, and all that is stored of the job with it; null while that is pinned, or deleted.</param>
/// <param name="DeletedAt">When all that was stored of it was deleted; null before.</param>
/// <param name="EstimatedFinishAt">When it is expected to end, as far as is known now; null while it is queued and after its end.</param>
/// <param name="Version">Goes up with every change of the job.</param>
/// <param name="DetectedLanguage">BCP 47 tag of the speech of a job of language <c>auto</c>, once it succeeded and if anything was said; else null.</param>
[GenerateSerializer, Immutable, Alias("ax2.JobSnapshot")]
public sealed record JobSnapshot(
    [property: Id(0)] Guid JobId,
    [property: Id(1)] Guid AccountId,
    [property: Id(2)] Guid VideoId,
    [property: Id(3)] JobState State,
    [property: Id(4)] string Language,
    [property: Id(5)] string Profile,
    [property: Id(6)] long Price,
    [property: Id(7)] JobProgress Progress,
    [property: Id(8)] Failure? Failure,
    [property: Id(9)] string? OutputPrefix,
    [property: Id(10)] DateTimeOffset CreatedAt,
    [property: Id(11)] DateTimeOffset? StartedAt,
    [property: Id(12)] DateTimeOffset? EndedAt,
    [property: Id(13)] DateTimeOffset? ExpiresAt = null,
    [property: Id(14)] DateTimeOffset? DeletedAt = null,
    [property: Id(15)] DateTimeOffset? EstimatedFinishAt = null,
    [property: Id(16)] long Version = 0,
    [property: Id(20)] string? DetectedLanguage = null)
{
    /// <summary>Whether it is in an end state.</summary>
    public bool HasEnded => State is JobState.Succeeded or JobState.Failed or JobState.Canceled;
}

/// <summary>States of a job; the names are stored.</summary>
[GenerateSerializer, Alias("ax2.JobState")]
public enum JobState
{
    /// <summary>Credits are held; no worker has taken it up.</summary>
    Queued = 0,

    /// <summary>Workers are at it.</summary>
    Processing = 1,

    /// <summary>Captions are there; the credits are spent.</summary>
    Succeeded = 2,

    /// <summary>It could not be done; the credits are returned.</summary>
    Failed = 3,

    /// <summary>The owner ended it; the credits are returned.</summary>
    Canceled = 4,
}

/// <summary>Steps of a job; the names are stored.</summary>
[GenerateSerializer, Alias("ax2.JobStage")]
public enum JobStage
{
    /// <summary>The audio is extracted and cut into chunks.</summary>
    Prepare = 0,

    /// <summary>The chunks are recognised.</summary>
    Transcribe = 1,

    /// <summary>The words become captions.</summary>
    Compose = 2,
}

/// <summary>How far a job is; never goes back.</summary>
/// <param name="Stage">The step it is in.</param>
/// <param name="Percent">0 to 100; 100 only when it succeeded.</param>
/// <param name="ChunksDone">Chunks recognised.</param>
/// <param name="ChunksTotal">Chunks in all; null before they are planned.</param>
[GenerateSerializer, Immutable, Alias("ax2.JobProgress")]
public sealed record JobProgress(
    [property: Id(0)] JobStage Stage,
    [property: Id(1)] int Percent,
    [property: Id(2)] int ChunksDone,
    [property: Id(3)] int? ChunksTotal);

/// <summary>A page of jobs.</summary>
/// <param name="Jobs">The jobs, newest first.</param>
/// <param name="Next">Where the next page begins; null at the end.</param>
[GenerateSerializer, Immutable, Alias("ax2.JobPage")]
public sealed record JobPage([property: Id(0)] IReadOnlyList<JobSnapshot> Jobs, [property: Id(1)] PageCursor? Next);
