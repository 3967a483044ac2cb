using AX2Caption.Grains.Abstractions.Health;
using AX2Caption.Grains.Work;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Concurrency;

namespace AX2Caption.Grains.Health;

[StatelessWorker]
internal sealed class ClusterHealthGrain(TaskQueue queue, IOptions<WorkOptions> options) : Grain, IClusterHealthGrain
{
    public async Task<ClusterHealth> Check(CancellationToken cancellationToken)
    {
        try
        {
            return new ClusterHealth(DatabaseReachable: true, await queue.CountWorkers(options.Value.WorkerGoneAfter, cancellationToken));
        }
        catch (NpgsqlException)
        {
            return new ClusterHealth(DatabaseReachable: false, Workers: 0);
        }
    }
}
