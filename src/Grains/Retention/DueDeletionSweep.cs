using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Time;
using AX2Caption.Grains.Work;
using Npgsql;

namespace AX2Caption.Grains.Retention;

/// <summary>Deletes what a lost reminder left beyond its time, and finishes deletions that were cut off.</summary>
internal sealed class DueDeletionSweep(NpgsqlDataSource database, IGrainFactory grains, TimeProvider time) : ISweep
{
    /// <summary>Reminders and grains are on time; only what is older than this was missed or interrupted.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    public string Name => "due deletions";

    public async Task<int> Run(int limit, CancellationToken cancellationToken)
    {
        var videos = await database.Read(
            """
            (select video_id from deletion_receipt where completed_at is null and requested_at < $1 order by requested_at limit $2)
            union
            (select video_id from video
             where state <> 'deleted' and not pinned and expires_at < $1
               and not exists (select from caption_job j where j.video_id = video.video_id and j.state in ('queued', 'processing'))
             order by expires_at limit $2)
            """,
            [time.UtcNow() - Grace, limit],
            row => row.GetGuid(0),
            cancellationToken);
        await EachRow.Finish(videos, videoId => grains.GetGrain<IVideoGrain>(videoId).Drive());
        return videos.Count;
    }
}
