namespace AX2Caption.Grains.Abstractions.Videos;

/// <summary>A video as its owner sees it.</summary>
/// <param name="VideoId">Its id.</param>
/// <param name="AccountId">Its owner.</param>
/// <param name="State">Where it stands.</param>
/// <param name="FileName">The client's name for the file.</param>
/// <param name="Length">In bytes; null while uploading.</param>
/// <param name="Media">What the probe found; null before <see cref="VideoState.Ready"/>.</param>
/// <param name="Rejection">Why it was rejected; null unless <see cref="VideoState.Rejected"/>.</param>
/// <param name="CreatedAt">When the upload began.</param>
/// <param name="ExpiresAt">When it will be deleted; null while it is pinned.</param>
/// <param name="HasThumbnail">Whether there is a picture of it.</param>
[GenerateSerializer, Immutable, Alias("ax2.VideoSnapshot")]
public sealed record VideoSnapshot(
    [property: Id(0)] Guid VideoId,
    [property: Id(1)] Guid AccountId,
    [property: Id(2)] VideoState State,
    [property: Id(3)] string FileName,
    [property: Id(4)] long? Length,
    [property: Id(5)] MediaSummary? Media,
    [property: Id(6)] Failure? Rejection,
    [property: Id(7)] DateTimeOffset CreatedAt,
    [property: Id(8)] DateTimeOffset? ExpiresAt,
    [property: Id(9)] bool HasThumbnail);

/// <summary>States of a video; the names are stored.</summary>
[GenerateSerializer, Alias("ax2.VideoState")]
public enum VideoState
{
    /// <summary>Its bytes are arriving.</summary>
    Uploading = 0,

    /// <summary>Its bytes are stored; a worker looks into them.</summary>
    Probing = 1,

    /// <summary>It can be captioned.</summary>
    Ready = 2,

    /// <summary>It cannot be captioned; its bytes are deleted.</summary>
    Rejected = 3,

    /// <summary>It is gone.</summary>
    Deleted = 4,
}

/// <summary>What a probe found in a media file.</summary>
/// <param name="Duration">Measured length of the audio that will be captioned.</param>
/// <param name="Container">The container's short name, for example <c>mp4</c>.</param>
/// <param name="Streams">Its streams in file order.</param>
/// <param name="AudioStream">The <see cref="MediaStream.Index"/> of the audio stream that will be captioned unless a job names another.</param>
/// <param name="HasThumbnail">Whether a picture was taken of it.</param>
[GenerateSerializer, Immutable, Alias("ax2.MediaSummary")]
public sealed record MediaSummary(
    [property: Id(0)] TimeSpan Duration,
    [property: Id(1)] string Container,
    [property: Id(2)] IReadOnlyList<MediaStream> Streams,
    [property: Id(3)] int AudioStream,
    [property: Id(4)] bool HasThumbnail = false);

/// <summary>One stream of a media file.</summary>
/// <param name="Index">Its index in the file.</param>
/// <param name="Kind"><c>audio</c>, <c>video</c>, <c>subtitle</c> or <c>other</c>.</param>
/// <param name="Codec">The codec's short name.</param>
/// <param name="Language">BCP 47 or ISO 639 tag from the file, if it has one.</param>
/// <param name="Duration">Measured, if it is audio that can be captioned.</param>
[GenerateSerializer, Immutable, Alias("ax2.MediaStream")]
public sealed record MediaStream(
    [property: Id(0)] int Index,
    [property: Id(1)] string Kind,
    [property: Id(2)] string Codec,
    [property: Id(3)] string? Language,
    [property: Id(4)] TimeSpan? Duration = null);

/// <summary>A page of videos.</summary>
/// <param name="Videos">The videos, newest first.</param>
/// <param name="Next">Where the next page begins; null at the end.</param>
[GenerateSerializer, Immutable, Alias("ax2.VideoPage")]
public sealed record VideoPage([property: Id(0)] IReadOnlyList<VideoSnapshot> Videos, [property: Id(1)] PageCursor? Next);
