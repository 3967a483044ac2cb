using AX2Caption.Grains.Abstractions.Jobs;
using Orleans.Concurrency;

namespace AX2Caption.Grains.Jobs;

[StatelessWorker]
internal sealed class JobInspectionGrain(JobInspectionStore store) : Grain, IJobInspectionGrain
{
    public Task<JobPage> Query(JobQuery query, CancellationToken cancellationToken) => store.Query(query, cancellationToken);

    public Task<JobInspection?> Inspect(Guid jobId, CancellationToken cancellationToken) => store.Inspect(jobId, cancellationToken);
}
