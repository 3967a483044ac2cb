using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Retention;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Time;
using AX2Caption.Grains.Uploads;
using AX2Caption.Grains.Videos;
using AX2Caption.Grains.Work;
using AX2Caption.Storage;
using Npgsql;

namespace AX2Caption.Grains.Retention;

/// <summary>
/// Deletes a video with everything that came of it. One commit closes it and writes the receipt; then objects and rows go, in
/// steps that may be cut off anywhere and taken again by anybody, until the receipt says that nothing is left.
/// </summary>
internal sealed class VideoDeletion(
    NpgsqlDataSource database,
    VideoStore videos,
    DeletionReceipts receipts,
    PartialUploads partials,
    IObjectStore objects,
    IGrainFactory grains,
    TimeProvider time)
{
    /// <summary>Closes the video. From this commit on nobody can use it, and no job of it can come to be.</summary>
    /// <param name="videoId">The video.</param>
    /// <param name="reason">Why. A video whose time is over waits for its jobs to end; their deadlines see to it that they do.</param>
    /// <param name="applies">Decides under the video's lock whether it is to be deleted.</param>
    /// <returns>The video as it stands after that; null if there is none.</returns>
    public async Task<Video?> Begin(Guid videoId, DeletionReason reason, Func<NpgsqlConnection, Video, Task<bool>> applies)
    {
        // Not under the lock: a store that does not answer would keep it.
        var arrived = await FindArrived(videoId);
        return await videos.Change(videoId, async (connection, before) =>
        {
            if (before.Deleted() is not { } after || !await applies(connection, before)
                || (reason == DeletionReason.Expired && await HasLiveJob(connection, videoId)))
            {
                return null;
            }

            await TaskTable.CancelProbe(connection, videoId);
            var unnamed = await FindUnnamed(connection, before, arrived);
            await DeletionReceipts.Insert(connection, videoId, before.AccountId, reason, unnamed, time.UtcNow());
            return after;
        });
    }

    /// <summary>Deletes what is left of a video that is deleted, and what was stored of it since.</summary>
    /// <returns>Whether nothing is left.</returns>
    public async Task<bool> Finish(Guid videoId)
    {
        var jobs = await database.Read("select job_id from caption_job where video_id = $1 order by created_at", [videoId], row => row.GetGuid(0));
        // First the jobs: those that run are canceled, and their holds released.
        await EachRow.Finish(jobs, jobId => grains.GetGrain<ICaptionJobGrain>(jobId).Purge());
        await DeleteObjects(videoId);
        await receipts.Complete(videoId, time.UtcNow());
        return !await receipts.IsOpen(videoId);
    }

    /// <summary>Deletes what came after a deletion was complete.</summary>
    public async Task LookAgain(Guid videoId)
    {
        await Finish(videoId);
        await receipts.LookedAgain(videoId, time.UtcNow());
    }

    public Task<bool> IsOpen(Guid videoId) => receipts.IsOpen(videoId);

    /// <summary>Deletes the video's own objects, wherever a probe that was interrupted has left them.</summary>
    public async Task DeleteObjects(Guid videoId)
    {
        // Whoever still sends to the upload hears at its next step that it is gone.
        await partials.Drop(videoId);
        await objects.Delete(Video.IncomingKey(videoId), CancellationToken.None);
        await objects.DeleteAll(Video.Prefix(videoId), CancellationToken.None);
        await videos.Change(videoId, async (connection, before) =>
        {
            await StoredObjects.ForgetVideo(connection, videoId);
            return before.ObjectDeleted();
        });
    }

    /// <summary>The bytes of a video that has no row for them yet; null if it has, or if there are none.</summary>
    private async Task<StoredObject?> FindArrived(Guid videoId)
    {
        if (await videos.Load(videoId) is not { State: VideoState.Uploading or VideoState.Probing })
        {
            return null;
        }

        // A probe moves it from the one place to the other, and tells of it later.
        return await objects.Stat(Video.IncomingKey(videoId), CancellationToken.None)
            ?? await objects.Stat(Video.SourceKey(videoId), CancellationToken.None);
    }

    /// <summary>What a receipt has to count beside the rows of objects. The video is locked, so that none of it can get a row meanwhile.</summary>
    private static async Task<UnnamedObjects> FindUnnamed(NpgsqlConnection connection, Video video, StoredObject? arrived)
    {
        if (video.State is not (VideoState.Uploading or VideoState.Probing))
        {
            return new UnnamedObjects(0, 0);
        }

        var bytes = arrived is null
            ? await connection.Read("select written from upload where video_id = $1 and written > 0", [video.VideoId], row => row.GetInt64(0))
            : [arrived.Length];
        return new UnnamedObjects(bytes.Count, bytes.Sum());
    }

    private static async Task<bool> HasLiveJob(NpgsqlConnection connection, Guid videoId) =>
        (await connection.Read(
            "select 1 from caption_job where video_id = $1 and state in ('queued', 'processing') limit 1", [videoId], row => row.GetInt32(0)))
        .Count > 0;
}
