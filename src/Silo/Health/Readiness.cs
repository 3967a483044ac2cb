using AX2Caption.Silo.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AX2Caption.Silo.Health;

internal static class Readiness
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public static void AddReadiness(this WebApplicationBuilder builder)
    {
        var checks = builder.Services.AddHealthChecks();
        Add<DatabaseCheck>("database");
        Add<ClockCheck>("clock");
        Add<MembershipCheck>("cluster");
        Add<ObjectStoreCheck>("object_store");
        if (builder.Configuration.Cluster().IsWorker)
        {
            Add<WorkerCheck>("engine");
        }

        void Add<T>(string name) where T : class, IHealthCheck => checks.AddCheck<T>(name, tags: ["ready"], timeout: Timeout);
    }
}
