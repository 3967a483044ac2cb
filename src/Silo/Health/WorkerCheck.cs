using AX2Caption.Grains;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AX2Caption.Silo.Health;

/// <summary>What media work needs is there: the sandbox with its tools, the speech engines, and room for working files.</summary>
internal sealed class WorkerCheck(WorkerPrerequisites prerequisites) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await prerequisites.Check(cancellationToken);
        return HealthCheckResult.Healthy("The sandbox and the speech engines work, and there is room for working files.");
    }
}
