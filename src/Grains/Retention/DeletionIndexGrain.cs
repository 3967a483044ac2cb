using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Retention;
using Orleans.Concurrency;

namespace AX2Caption.Grains.Retention;

[StatelessWorker]
internal sealed class DeletionIndexGrain(DeletionReceipts receipts) : Grain, IDeletionIndexGrain
{
    public Task<DeletionPage> List(PageCursor? after, int limit, CancellationToken cancellationToken) =>
        receipts.List(this.GetPrimaryKey(), after, Math.Clamp(limit, 1, 100), cancellationToken);

    public Task<DeletionReceipt?> Find(Guid videoId, CancellationToken cancellationToken) =>
        receipts.Find(this.GetPrimaryKey(), videoId, cancellationToken);
}
