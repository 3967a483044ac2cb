using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Videos;

namespace AX2Caption.Api.Videos;

/// <summary>An uploaded video.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State"><c>uploading</c>, <c>probing</c>, then <c>ready</c> or <c>rejected</c>; <c>deleted</c> at last.</param>
/// <param name="FileName">The name it was uploaded under.</param>
/// <param name="Bytes">Its length; null while uploading.</param>
/// <param name="DurationMs">Measured length of the audio that is captioned unless a job names another; null before it is ready.</param>
/// <param name="Container">Short name of its container, for example <c>mp4</c>; null before it is ready.</param>
/// <param name="Streams">Its streams in file order; empty before it is ready.</param>
/// <param name="AudioStream">The <c>index</c> of the audio stream that is captioned unless a job names another; null before it is ready.</param>
/// <param name="HasThumbnail">Whether there is a picture of it.</param>
/// <param name="Rejection">Why it was rejected; null unless it was.</param>
/// <param name="CreatedAt">When the upload began.</param>
/// <param name="ExpiresAt">When it will be deleted; null while it is pinned.</param>
internal sealed record Video(
    Guid Id,
    string State,
    string FileName,
    long? Bytes,
    long? DurationMs,
    string? Container,
    IReadOnlyList<VideoStream> Streams,
    int? AudioStream,
    bool HasThumbnail,
    Reason? Rejection,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt)
{
    public static Video Of(VideoSnapshot video) => new(
        video.VideoId,
        video.State.ToString().ToLowerInvariant(),
        video.FileName,
        video.Length,
        (long?)video.Media?.Duration.TotalMilliseconds,
        video.Media?.Container,
        [.. (video.Media?.Streams ?? []).Select(VideoStream.Of)],
        video.Media?.AudioStream,
        video.HasThumbnail,
        Reason.Of(video.Rejection),
        video.CreatedAt,
        video.ExpiresAt);
}

/// <summary>One stream of a video.</summary>
/// <param name="Index">Its index in the file.</param>
/// <param name="Kind"><c>audio</c>, <c>video</c>, <c>subtitle</c> or <c>other</c>.</param>
/// <param name="Codec">Short name of its codec.</param>
/// <param name="Language">Language tag from the file; null if it has none.</param>
/// <param name="DurationMs">Measured length, if it is audio that can be captioned; null otherwise.</param>
internal sealed record VideoStream(int Index, string Kind, string Codec, string? Language, long? DurationMs)
{
    /// <summary>No file has so many streams that more would make sense.</summary>
    public const int MaximumIndex = 999;

    public static VideoStream Of(MediaStream stream) =>
        new(stream.Index, stream.Kind, stream.Codec, stream.Language, (long?)stream.Duration?.TotalMilliseconds);
}

/// <summary>Why a video was rejected or a job failed.</summary>
/// <param name="Code">Stable snake_case name, for programs.</param>
/// <param name="Message">A sentence, for people.</param>
internal sealed record Reason(string Code, string Message)
{
    public static Reason? Of(Failure? failure) => failure is null ? null : new(failure.Code, failure.Message);
}
