using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;

namespace AX2Caption.Api.Cluster;

/// <summary>
/// Keeps the Orleans client, in a container of its own: the host's start would otherwise wait for the first silo, and
/// neither a busy port nor liveness could be told before it. Once connected, the client finds restarted silos by itself.
/// </summary>
internal sealed class ClusterConnection(
    IOptions<ClusterOptions> options,
    NpgsqlDataSource database,
    ILoggerFactory loggers,
    TimeProvider time) : BackgroundService
{
    private readonly TaskCompletionSource<IClusterClient> client = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The client, as soon as it has met a silo.</summary>
    public Task<IClusterClient> Client => client.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var services = Build();
        var parts = services.GetServices<IHostedService>().ToList();
        foreach (var part in parts)
            await part.StartAsync(stoppingToken);

        client.SetResult(services.GetRequiredService<IClusterClient>());
        await Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        foreach (var part in Enumerable.Reverse(parts))
            await part.StopAsync(CancellationToken.None);
    }

    private ServiceProvider Build()
    {
        var services = new ServiceCollection();
        services.AddSingleton(loggers);
        services.AddLogging();
        services.AddSingleton(time);
        services.AddOrleansClient(orleans =>
        {
            orleans.Configure<Orleans.Configuration.ClusterOptions>(cluster =>
            {
                cluster.ClusterId = options.Value.ClusterId;
                cluster.ServiceId = options.Value.ServiceId;
            });
            orleans.UseAdoNetClustering(clustering =>
            {
                clustering.Invariant = "Npgsql";
                clustering.DataSource = database;
            });
            orleans.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = options.Value.CallTimeout);
            // The default minute would outlast a silo's restart.
            orleans.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
            orleans.UseConnectionRetryFilter<ConnectUntilStopped>();
        });
        return services.BuildServiceProvider();
    }
}
