using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AX2Caption.Api.Health;

/// <summary>Somebody is there to recognise speech.</summary>
internal sealed class EngineCheck(ClusterProbe cluster) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await cluster.Ask(cancellationToken) is { Workers: >= 1 }
            ? HealthCheckResult.Healthy("A worker is there to recognise speech.")
            : HealthCheckResult.Unhealthy("No worker has been heard of lately.");
}
