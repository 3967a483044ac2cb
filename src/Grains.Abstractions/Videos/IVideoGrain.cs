using AX2Caption.Grains.Abstractions.Work;

namespace AX2Caption.Grains.Abstractions.Videos;

/// <summary>One uploaded video; the key is its id. It is the only door to the video's row and to its probe task.</summary>
[Alias("ax2.IVideoGrain")]
public interface IVideoGrain : IGrainWithGuidKey, ITaskOwnerGrain
{
    /// <summary>
    /// Notes that an upload begins, before its first byte is stored, so that no stored object is ever unknown.
    /// Called again, it answers with the same video.
    /// </summary>
    [Alias("BeginUpload")]
    Task<BeginUploadResult> BeginUpload(BeginUpload command);

    /// <summary>The bytes are stored: queues the probe. Called again, it answers with the video as it stands.</summary>
    [Alias("CompleteUpload")]
    Task<VideoResult> CompleteUpload(CompleteUpload command);

    /// <summary>The upload will not complete: deletes what was stored of it. A completed upload is left alone.</summary>
    [Alias("AbandonUpload")]
    Task AbandonUpload();

    /// <summary>The video, if it belongs to the account.</summary>
    [Alias("Get")]
    Task<VideoResult> Get(Guid accountId, CancellationToken cancellationToken);

    /// <summary>A file of the video.</summary>
    /// <param name="file">Which.</param>
    /// <param name="accountId">Whose the video must be; null: whoever asks has a link that the owner was given.</param>
    /// <param name="cancellationToken">Gives up.</param>
    [Alias("GetContent")]
    Task<VideoContentResult> GetContent(VideoFile file, Guid? accountId, CancellationToken cancellationToken);

    /// <summary>Deletes the video and all that is stored of it. Called again, it deletes what was stored since.</summary>
    [Alias("Delete")]
    Task Delete();

    /// <summary>Finishes what a crash may have interrupted, such as the deletion of a rejected object.</summary>
    [Alias("Drive")]
    Task Drive();
}

/// <summary>The videos of one account; the key is the account's id.</summary>
[Alias("ax2.IVideoIndexGrain")]
public interface IVideoIndexGrain : IGrainWithGuidKey
{
    /// <summary>Videos from the newest down.</summary>
    [Alias("List")]
    Task<VideoPage> List(PageCursor? after, int limit, CancellationToken cancellationToken);
}
