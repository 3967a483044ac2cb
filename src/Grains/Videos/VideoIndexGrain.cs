using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Videos;
using Orleans.Concurrency;

namespace AX2Caption.Grains.Videos;

[StatelessWorker]
internal sealed class VideoIndexGrain(VideoStore store) : Grain, IVideoIndexGrain
{
    public Task<VideoPage> List(PageCursor? after, int limit, CancellationToken cancellationToken) =>
        store.List(this.GetPrimaryKey(), after, Math.Clamp(limit, 1, 100), cancellationToken);
}
