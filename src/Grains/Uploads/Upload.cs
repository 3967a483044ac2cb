using AX2Caption.Grains.Abstractions.Uploads;

namespace AX2Caption.Grains.Uploads;

/// <summary>
/// The pure core of an upload in pieces. Each step answers with the next state, or null where the step does not apply.
/// </summary>
/// <param name="VideoId">The video that it becomes.</param>
/// <param name="AccountId">Whose video that is.</param>
/// <param name="IsOpen">Whether the video still waits for its bytes.</param>
/// <param name="Length">How long it will be, in bytes.</param>
/// <param name="Progress">How far it is.</param>
/// <param name="Metadata">What the client said of it.</param>
/// <param name="PartBytes">How long each part is, if the client sends them to the store itself.</param>
/// <param name="Writer">Who said last that it writes.</param>
/// <param name="WriterIsLive">Whether it said so lately, by the database's clock.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="ExpiresAt">When it is given up.</param>
internal sealed record Upload(
    Guid VideoId,
    Guid AccountId,
    bool IsOpen,
    long Length,
    UploadProgress Progress,
    string? Metadata,
    long? PartBytes,
    Guid? Writer,
    bool WriterIsLive,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt)
{
    public UploadSnapshot Snapshot => new(VideoId, Length, Progress.Written, Metadata, ExpiresAt, Parts);

    public bool IsDirect => PartBytes is not null;

    private PartPlan? Parts => PartBytes is { } bytes ? new PartPlan(bytes, (int)((Length + bytes - 1) / bytes)) : null;

    public bool IsComplete => Progress.Written == Length;

    public bool IsExpired(DateTimeOffset now) => ExpiresAt <= now;

    /// <summary>Whether somebody else may not write.</summary>
    public bool IsLockedFor(Guid writer) => Writer is { } holder && holder != writer && WriterIsLive;

    public Upload? TakenBy(Guid writer) => IsOpen && !IsDirect && !IsComplete && !IsLockedFor(writer) ? this with { Writer = writer, WriterIsLive = true } : null;

    /// <summary>The writer says how far it is, and stays. A repeated word that comes late takes nothing back.</summary>
    public Upload? Extended(Guid writer, UploadProgress progress, DateTimeOffset now, UploadOptions options) =>
        IsOpen && Writer == writer && progress.Written <= Length ? Advanced(progress, now, options) : null;

    /// <summary>The writer says how far it is, and goes.</summary>
    public Upload? Released(Guid writer, UploadProgress progress, DateTimeOffset now, UploadOptions options) =>
        Extended(writer, progress, now, options) is { } extended ? extended with { Writer = null, WriterIsLive = false } : null;

    /// <summary>All parts that the client sent to the store are the object.</summary>
    public Upload? Finished() => IsOpen && IsDirect && !IsComplete ? this with { Progress = Progress with { Written = Length } } : null;

    private Upload Advanced(UploadProgress progress, DateTimeOffset now, UploadOptions options) => this with
    {
        WriterIsLive = true,
        Progress = progress.Written >= Progress.Written ? progress : Progress,
        ExpiresAt = progress.Written > Progress.Written ? Earlier(now + options.ExpireAfter, CreatedAt + options.MaximumAge) : ExpiresAt,
    };

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
