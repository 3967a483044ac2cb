using AX2Caption.Silo.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AX2Caption.Silo.Health;

/// <summary>This machine's clock and the database's agree.</summary>
internal sealed class ClockCheck(DatabaseClock clock) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await clock.Complaint(cancellationToken) is { } complaint
            ? HealthCheckResult.Unhealthy(complaint)
            : HealthCheckResult.Healthy("The clock agrees with the database's.");
}
