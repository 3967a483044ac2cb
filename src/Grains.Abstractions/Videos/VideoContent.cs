namespace AX2Caption.Grains.Abstractions.Videos;

/// <summary>Which of a video's files.</summary>
[GenerateSerializer, Alias("ax2.VideoFile")]
public enum VideoFile
{
    /// <summary>The file as it was uploaded.</summary>
    Source = 0,

    /// <summary>A picture of it, as JPEG.</summary>
    Thumbnail = 1,
}

/// <summary>A file of a video, or why there is none.</summary>
[GenerateSerializer, Immutable, Alias("ax2.VideoContentResult")]
public abstract record VideoContentResult
{
    private VideoContentResult()
    {
    }

    /// <summary>Read it from the store.</summary>
    /// <param name="ObjectKey">Its key.</param>
    /// <param name="Length">In bytes.</param>
    /// <param name="Sha256">Of its content, 32 bytes.</param>
    /// <param name="FileName">The client's name for the video.</param>
    /// <param name="Media">What the probe found in the video.</param>
    /// <param name="StoredAt">When it was stored.</param>
    [GenerateSerializer, Immutable, Alias("ax2.VideoContentResult.Found")]
    public sealed record Found(
        [property: Id(0)] string ObjectKey,
        [property: Id(1)] long Length,
        [property: Id(2)] byte[] Sha256,
        [property: Id(3)] string FileName,
        [property: Id(4)] MediaSummary Media,
        [property: Id(5)] DateTimeOffset StoredAt) : VideoContentResult;

    /// <summary>The video is not ready, or has no such file.</summary>
    /// <param name="State">Where it stands.</param>
    /// <param name="Rejection">Why it was rejected; null unless it was.</param>
    [GenerateSerializer, Immutable, Alias("ax2.VideoContentResult.NotReady")]
    public sealed record NotReady([property: Id(0)] VideoState State, [property: Id(1)] Failure? Rejection = null) : VideoContentResult;

    /// <summary>There is no such video.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.VideoContentResult.NotFound")]
    public sealed record NotFound : VideoContentResult;
}
