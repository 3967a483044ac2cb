using AX2Caption.Silo.Migrations;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace AX2Caption.Silo.Health;

/// <summary>PostgreSQL answers and its schema is the one this binary was built for.</summary>
internal sealed class DatabaseCheck(NpgsqlDataSource database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var pending = await SchemaVersion.Pending(database, cancellationToken);
        return pending.Count == 0
            ? HealthCheckResult.Healthy("The database answers and its schema is current.")
            : HealthCheckResult.Unhealthy($"The schema lacks {string.Join(", ", pending)}: run 'Silo migrate'.");
    }
}
