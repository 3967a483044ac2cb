using AX2Caption.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AX2Caption.Api.Health;

/// <summary>Objects can be written and read.</summary>
internal sealed class ObjectStoreCheck(IObjectStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await store.CheckHealth(cancellationToken);
        return HealthCheckResult.Healthy("The object store takes and returns objects.");
    }
}
