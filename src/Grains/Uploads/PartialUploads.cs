using AX2Caption.Grains.Videos;
using AX2Caption.Storage;

namespace AX2Caption.Grains.Uploads;

/// <summary>What is stored of an upload that is not complete.</summary>
internal sealed class PartialUploads(UploadStore store, IObjectStore objects, DirectUploads direct)
{
    /// <summary>Makes the pieces the object. Done again, it succeeds. Parts of a direct upload are it already.</summary>
    public Task Finish(Upload upload) => upload.IsDirect
        ? Task.CompletedTask
        : objects.Finish(Video.IncomingKey(upload.VideoId), Checkpoint(upload), CancellationToken.None);

    /// <summary>Deletes the pieces and forgets the upload.</summary>
    public async Task Drop(Guid videoId)
    {
        if (await store.Load(videoId) is { } upload)
        {
            await (upload.IsDirect
                ? direct.Abandon(upload)
                : objects.Abandon(Video.IncomingKey(videoId), Checkpoint(upload), CancellationToken.None));
            await store.Delete(videoId);
        }
    }

    private static WriteCheckpoint Checkpoint(Upload upload) => new(upload.Progress.Written, upload.Progress.State);
}
