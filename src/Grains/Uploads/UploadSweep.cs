using AX2Caption.Grains.Abstractions.Uploads;
using AX2Caption.Grains.Time;
using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Uploads;

/// <summary>Gives up uploads whose time is over, and finishes those that a crash left complete but unsaid.</summary>
internal sealed class UploadSweep(UploadStore store, IGrainFactory grains, TimeProvider time) : ISweep
{
    public string Name => "unfinished uploads";

    public async Task<int> Run(int limit, CancellationToken cancellationToken)
    {
        var uploads = await store.Unfinished(time.UtcNow(), limit, cancellationToken);
        await EachRow.Finish(uploads, videoId => grains.GetGrain<IUploadGrain>(videoId).Drive());
        return uploads.Count;
    }
}
