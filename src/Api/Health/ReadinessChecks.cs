using AX2Caption.ServiceDefaults;

namespace AX2Caption.Api.Health;

internal static class ReadinessChecks
{
    private const string Ready = HealthEndpoints.ReadyTag;

    /// <summary>A check that takes longer has failed.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    public static void AddReadinessChecks(this IServiceCollection services) => services.AddSingleton<ClusterProbe>().AddHealthChecks()
        .AddCheck<DatabaseCheck>("database", tags: [Ready], timeout: Timeout)
        .AddCheck<ClusterCheck>("cluster", tags: [Ready], timeout: Timeout)
        .AddCheck<EngineCheck>("engine", tags: [Ready], timeout: Timeout)
        .AddCheck<ObjectStoreCheck>("object_store", tags: [Ready], timeout: Timeout);
}
