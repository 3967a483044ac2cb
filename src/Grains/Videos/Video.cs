using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Videos;

namespace AX2Caption.Grains.Videos;

/// <summary>
/// The pure core of a video: <c>uploading → probing → ready | rejected</c>, then <c>deleted</c>. Each step answers with the
/// next state, or null where the step does not apply.
/// </summary>
internal sealed record Video(
    Guid VideoId,
    Guid AccountId,
    long Version,
    VideoState State,
    string FileName,
    string? ObjectKey,
    long? Length,
    byte[]? Sha256,
    MediaSummary? Media,
    Failure? Rejection,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    bool Pinned)
{
    public static string IncomingKey(Guid videoId) => $"incoming/{videoId}";

    /// <summary>Where the video's own objects are, but for the bytes of an upload.</summary>
    public static string Prefix(Guid videoId) => $"videos/{videoId}/";

    public static string SourceKey(Guid videoId) => $"{Prefix(videoId)}source";

    public static string ThumbnailKey(Guid videoId) => $"{Prefix(videoId)}thumbnail.jpg";

    public static Video Begin(Guid videoId, Guid accountId, string fileName, DateTimeOffset now, TimeSpan retention) =>
        new(videoId, accountId, 1, VideoState.Uploading, fileName, IncomingKey(videoId), null, null, null, null, now, now + retention, Pinned: false);

    /// <summary>Whether an object must go although the video stays known.</summary>
    public bool OwesDeletion => State is VideoState.Rejected or VideoState.Deleted && ObjectKey is not null;

    public VideoSnapshot Snapshot => new(
        VideoId, AccountId, State, FileName, Length, Media, Rejection, CreatedAt, Pinned ? null : ExpiresAt, Media?.HasThumbnail ?? false);

    /// <param name="length">In bytes.</param>
    /// <param name="sha256">Null if nobody saw all of the bytes pass; the probe computes it.</param>
    /// <param name="expiresAt">Its days are counted from its last byte on.</param>
    public Video? Uploaded(long length, byte[]? sha256, DateTimeOffset expiresAt) => State == VideoState.Uploading
        ? Next() with { State = VideoState.Probing, Length = length, Sha256 = sha256, ExpiresAt = expiresAt }
        : null;

    public Video? Probed(MediaSummary media, string objectKey, byte[] sha256) =>
        State == VideoState.Probing ? Next() with { State = VideoState.Ready, Media = media, ObjectKey = objectKey, Sha256 = sha256 } : null;

    public Video? Rejected(Failure rejection) =>
        State == VideoState.Probing ? Next() with { State = VideoState.Rejected, Rejection = rejection } : null;

    /// <summary>Whether it is to be deleted by age.</summary>
    public bool IsOver(DateTimeOffset now) => !Pinned && ExpiresAt <= now;

    public Video? Pin() => State == VideoState.Deleted || Pinned ? null : Next() with { Pinned = true };

    /// <param name="stays">It is not deleted before this.</param>
    public Video? Unpin(DateTimeOffset stays) => State == VideoState.Deleted || !Pinned
        ? null
        : Next() with { Pinned = false, ExpiresAt = ExpiresAt > stays ? ExpiresAt : stays };

    /// <summary>Nothing is left of what it was but that it was. Its object is owed its deletion, whatever is known of it.</summary>
    public Video? Deleted() => State == VideoState.Deleted
        ? null
        : Next() with
        {
            State = VideoState.Deleted,
            FileName = "deleted",
            ObjectKey = ObjectKey ?? SourceKey(VideoId),
            Length = null,
            Sha256 = null,
            Media = null,
            Rejection = null,
            Pinned = false,
        };

    public Video? ObjectDeleted() => OwesDeletion ? Next() with { ObjectKey = null } : null;

    private Video Next() => this with { Version = Version + 1 };
}
