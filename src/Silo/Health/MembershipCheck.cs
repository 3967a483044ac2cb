using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AX2Caption.Silo.Health;

/// <summary>The cluster counts this silo as active.</summary>
internal sealed class MembershipCheck(ILocalSiloDetails silo, IClusterMembershipService membership) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await membership.Refresh(cancellationToken: cancellationToken);
        var status = membership.CurrentSnapshot.GetSiloStatus(silo.SiloAddress);
        return status == SiloStatus.Active
            ? HealthCheckResult.Healthy("This silo is an active member of the cluster.")
            : HealthCheckResult.Unhealthy($"The cluster counts this silo as {status}.");
    }
}
