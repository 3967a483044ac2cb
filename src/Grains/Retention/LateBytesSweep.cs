using AX2Caption.Grains.Time;
using AX2Caption.Grains.Work;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Retention;

/// <summary>Looks once more, long after a deletion was complete, for what was still on its way then.</summary>
internal sealed class LateBytesSweep(
    DeletionReceipts receipts, VideoDeletion deletion, IOptions<RetentionOptions> options, TimeProvider time) : ISweep
{
    public string Name => "late bytes of deleted videos";

    public async Task<int> Run(int limit, CancellationToken cancellationToken)
    {
        var videos = await receipts.ToLookAgain(time.UtcNow() - options.Value.LookAgainAfter, limit, cancellationToken);
        await EachRow.Finish(videos, deletion.LookAgain);
        return videos.Count;
    }
}
