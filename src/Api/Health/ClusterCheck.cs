using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AX2Caption.Api.Health;

/// <summary>A silo answers and reaches the database.</summary>
internal sealed class ClusterCheck(ClusterProbe cluster) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await cluster.Ask(cancellationToken) switch
        {
            null => HealthCheckResult.Unhealthy("No silo has been met yet."),
            { DatabaseReachable: false } => HealthCheckResult.Unhealthy("The silo does not reach its database."),
            _ => HealthCheckResult.Healthy("A silo answers and reaches its database."),
        };
}
