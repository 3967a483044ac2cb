using AX2Caption.Api.Cluster;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Api.Health;

/// <summary>The cluster's membership can be read, which is all that the Api wants of the database.</summary>
internal sealed class DatabaseCheck(NpgsqlDataSource database, IOptions<ClusterOptions> options) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = database.CreateCommand("select count(*) from orleans_membership where deployment_id = $1");
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = options.Value.ClusterId });
            await command.ExecuteScalarAsync(cancellationToken).WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy("The cluster's membership can be read.");
        }
        catch (NpgsqlException exception)
        {
            return HealthCheckResult.Unhealthy("The cluster's membership cannot be read from PostgreSQL.", exception);
        }
    }
}
