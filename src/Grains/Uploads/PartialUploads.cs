using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Videos;
using AX2Caption.Storage;

namespace AX2Caption.Grains.Uploads;

/// <summary>What is stored of an upload that is not complete.</summary>
internal sealed class PartialUploads(UploadStore store, VideoStore videos, IObjectStore objects, DirectUploads direct)
{
    /// <summary>Makes the pieces the object. Done again, it succeeds. Parts of a direct upload are it already.</summary>
    public Task Finish(Upload upload) => upload.IsDirect
        ? Task.CompletedTask
        : objects.Finish(Video.IncomingKey(upload.VideoId), Checkpoint(upload), CancellationToken.None);

    /// <summary>Deletes the pieces and forgets the upload.</summary>
    public async Task Drop(Guid videoId)
    {
        var upload = await store.Load(videoId);
        if (upload is { IsDirect: true })
        {
            await direct.Abandon(upload);
        }
        else
        {
            // Also without a row: a writer that was late may have begun anew.
            await objects.Abandon(Video.IncomingKey(videoId), upload is null ? WriteCheckpoint.Start : Checkpoint(upload), CancellationToken.None);
        }

        await store.Delete(videoId);
    }

    /// <summary>Deletes the object of a video that was deleted while the object was being finished.</summary>
    public async Task DeleteIfTooLate(Guid videoId)
    {
        if (await videos.Load(videoId) is null or { State: VideoState.Deleted })
        {
            await objects.Delete(Video.IncomingKey(videoId), CancellationToken.None);
        }
    }

    private static WriteCheckpoint Checkpoint(Upload upload) => new(upload.Progress.Written, upload.Progress.State);
}
