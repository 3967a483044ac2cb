using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Videos;

namespace AX2Caption.Api.Videos;

/// <summary>An uploaded video.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State"><c>uploading</c>, <c>probing</c>, then <c>ready</c> or <c>rejected</c>; <c>deleted</c> at last.</param>
/// <param name="FileName">The name it was uploaded under.</param>
/// <param name="Bytes">Its length; null while uploading.</param>
/// <param name="DurationMs">Measured length of its audio; null before it is ready.</param>
/// <param name="Container">Short name of its container, for example <c>mp4</c>; null before it is ready.</param>
/// <param name="Streams">Its streams in file order; empty before it is ready.</param>
/// <param name="Rejection">Why it was rejected; null unless it was.</param>
/// <param name="CreatedAt">When the upload began.</param>
internal sealed record Video(
    Guid Id,
    string State,
    string FileName,
    long? Bytes,
    long? DurationMs,
    string? Container,
    IReadOnlyList<VideoStream> Streams,
    Reason? Rejection,
    DateTimeOffset CreatedAt)
{
    public static Video Of(VideoSnapshot video) => new(
        video.VideoId,
        video.State.ToString().ToLowerInvariant(),
        video.FileName,
        video.Length,
        (long?)video.Media?.Duration.TotalMilliseconds,
        video.Media?.Container,
        [.. (video.Media?.Streams ?? []).Select(stream => new VideoStream(stream.Index, stream.Kind, stream.Codec, stream.Language))],
        Reason.Of(video.Rejection),
        video.CreatedAt);
}

/// <summary>One stream of a video.</summary>
/// <param name="Index">Its index in the file.</param>
/// <param name="Kind"><c>audio</c>, <c>video</c>, <c>subtitle</c> or <c>other</c>.</param>
/// <param name="Codec">Short name of its codec.</param>
/// <param name="Language">Language tag from the file; null if it has none.</param>
internal sealed record VideoStream(int Index, string Kind, string Codec, string? Language);

/// <summary>Why a video was rejected or a job failed.</summary>
/// <param name="Code">Stable snake_case name, for programs.</param>
/// <param name="Message">A sentence, for people.</param>
internal sealed record Reason(string Code, string Message)
{
    public static Reason? Of(Failure? failure) => failure is null ? null : new(failure.Code, failure.Message);
}
