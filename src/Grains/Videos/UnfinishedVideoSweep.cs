using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Time;
using AX2Caption.Grains.Work;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Videos;

/// <summary>Gives up uploads that never completed and deletes objects that are owed their deletion.</summary>
internal sealed class UnfinishedVideoSweep(VideoStore store, IGrainFactory grains, IOptions<VideoOptions> options, TimeProvider time) : ISweep
{
    /// <summary>The grain deletes at once; only what is older than this was interrupted.</summary>
    private static readonly TimeSpan DeletionGrace = TimeSpan.FromSeconds(30);

    public string Name => "unfinished videos";

    public async Task<int> Run(int limit, CancellationToken cancellationToken)
    {
        var now = time.UtcNow();
        var videos = await store.Unfinished(now - options.Value.AbandonUploadsAfter, now - DeletionGrace, limit, cancellationToken);
        await EachRow.Finish(videos, videoId => grains.GetGrain<IVideoGrain>(videoId).Drive());
        return videos.Count;
    }
}
