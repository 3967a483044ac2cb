using AX2Caption.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AX2Caption.Silo.Health;

/// <summary>An object can be written, read and deleted.</summary>
internal sealed class ObjectStoreCheck(IObjectStore objects) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await objects.CheckHealth(cancellationToken);
        return HealthCheckResult.Healthy("The object store takes and returns objects.");
    }
}
