using AX2Caption.Api.Validation;
using AX2Caption.Api.Videos;
using AX2Caption.Grains.Abstractions.Jobs;

namespace AX2Caption.Api.Jobs;

/// <summary>A captioning job to be done.</summary>
/// <param name="VideoId">A video of the account that is ready.</param>
/// <param name="Language">BCP 47 tag of the speech, for example <c>en</c>; <c>auto</c> to have it found out, where an engine can.</param>
/// <param name="Profile">Name of the layout profile; the language's default if it is left out or <c>auto</c>.</param>
/// <param name="QuoteId">The quote whose price is to be charged; the price of the moment if it is left out.</param>
/// <param name="AudioStream">The <c>index</c> of the audio stream to caption; the video's <c>audioStream</c> if it is left out.</param>
internal sealed record NewJob(
    Guid VideoId,
    [Name] string Language,
    [Name] string? Profile = null,
    Guid? QuoteId = null,
    [WholeNumber(0, VideoStream.MaximumIndex)] int? AudioStream = null);

/// <summary>A captioning job.</summary>
/// <param name="Id">Its id.</param>
/// <param name="VideoId">The video that it captions.</param>
/// <param name="State"><c>queued</c>, <c>processing</c>, then <c>succeeded</c>, <c>failed</c> or <c>canceled</c>.</param>
/// <param name="Language">BCP 47 tag of the speech, or <c>auto</c>.</param>
/// <param name="DetectedLanguage">BCP 47 tag of the language found, once a job of language <c>auto</c> succeeded and if anything was said; null in all others.</param>
/// <param name="Profile">Name of the layout profile; <c>auto</c> is the default of the language found.</param>
/// <param name="Price">Credits held for it, and spent when it succeeds.</param>
/// <param name="Progress">How far it is.</param>
/// <param name="Failure">Why it failed; null unless it did.</param>
/// <param name="CreatedAt">When it was submitted.</param>
/// <param name="StartedAt">When work on it began; null before.</param>
/// <param name="EndedAt">When it ended; null before.</param>
/// <param name="EstimatedFinishAt">When it is expected to end, estimated anew as it runs; null while it is queued and after its end.</param>
/// <param name="ExpiresAt">When its video is to be deleted and its captions with it; null while the video is pinned, or deleted.</param>
/// <param name="DeletedAt">When its captions and all else that was stored of it were deleted; null before. What it was and cost stays.</param>
/// <param name="Links">Where its captions are; null unless it succeeded and they are not deleted.</param>
internal sealed record Job(
    Guid Id,
    Guid VideoId,
    string State,
    string Language,
    string? DetectedLanguage,
    string Profile,
    long Price,
    Progress Progress,
    Reason? Failure,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset? EstimatedFinishAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? DeletedAt,
    CaptionLinks? Links)
{
    public static Job Of(JobSnapshot job) => new(
        job.JobId,
        job.VideoId,
        job.State.ToString().ToLowerInvariant(),
        job.Language,
        job.DetectedLanguage,
        job.Profile,
        job.Price,
        Progress.Of(job.Progress),
        Reason.Of(job.Failure),
        job.CreatedAt,
        job.StartedAt,
        job.EndedAt,
        job.EstimatedFinishAt,
        job.ExpiresAt,
        job.DeletedAt,
        job is { State: JobState.Succeeded, DeletedAt: null } ? CaptionLinks.Of(job.JobId) : null);
}

/// <summary>How far a job is. It never goes back.</summary>
/// <param name="Stage"><c>prepare</c>, <c>transcribe</c> or <c>compose</c>.</param>
/// <param name="Percent">0 to 100; 100 only when it succeeded.</param>
/// <param name="ChunksDone">Stretches of audio that are recognised.</param>
/// <param name="ChunksTotal">Stretches in all; null before they are planned.</param>
internal sealed record Progress(string Stage, int Percent, int ChunksDone, int? ChunksTotal)
{
    public static Progress Of(JobProgress progress) =>
        new(progress.Stage.ToString().ToLowerInvariant(), progress.Percent, progress.ChunksDone, progress.ChunksTotal);
}

/// <summary>Paths of a job's captions.</summary>
/// <param name="Srt">As SubRip.</param>
/// <param name="Vtt">As WebVTT.</param>
internal sealed record CaptionLinks(string Srt, string Vtt)
{
    public static CaptionLinks Of(Guid jobId) => new($"/v1/jobs/{jobId}/captions.srt", $"/v1/jobs/{jobId}/captions.vtt");
}
