using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Jobs;
using Orleans.Concurrency;

namespace AX2Caption.Grains.Jobs;

[StatelessWorker]
internal sealed class JobIndexGrain(JobStore store) : Grain, IJobIndexGrain
{
    public Task<JobPage> List(PageCursor? after, int limit, CancellationToken cancellationToken) =>
        store.List(this.GetPrimaryKey(), after, Math.Clamp(limit, 1, 100), cancellationToken);
}
