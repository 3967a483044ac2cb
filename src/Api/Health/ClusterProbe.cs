using AX2Caption.Api.Cluster;
using AX2Caption.Grains.Abstractions.Health;

namespace AX2Caption.Api.Health;

/// <summary>Asks the cluster how it is, once: a check that repeats itself would hide what it is there to show.</summary>
internal sealed class ClusterProbe(ClusterConnection connection)
{
    /// <returns>Null while no silo was ever met.</returns>
    public async Task<ClusterHealth?> Ask(CancellationToken cancellationToken)
    {
        if (!connection.Client.IsCompletedSuccessfully)
            return null;

        var grains = await connection.Client;
        return await grains.GetGrain<IClusterHealthGrain>(0).Check(cancellationToken).WaitAsync(cancellationToken);
    }
}
