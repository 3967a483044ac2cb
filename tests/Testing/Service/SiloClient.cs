using AX2Caption.Testing.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace AX2Caption.Testing.Service;

/// <summary>Calls grains from this process as the Api does: with its role on the database, and in no more of a hurry.</summary>
public sealed class SiloClient : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private SiloClient(ServiceProvider services) => this.services = services;

    /// <summary>The grains.</summary>
    public IGrainFactory Grains => services.GetRequiredService<IGrainFactory>();

    /// <summary>Answers once it has met a Silo on this database; one must be running.</summary>
    public static async Task<SiloClient> Connect(TestDatabase database, CancellationToken cancellationToken = default)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddOrleansClient(orleans =>
        {
            orleans.Configure<ClusterOptions>(cluster => cluster.ClusterId = cluster.ServiceId = CaptionService.ClusterId);
            orleans.UseAdoNetClustering(use => (use.Invariant, use.ConnectionString) = ("Npgsql", database.ApiConnectionString));
            orleans.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(10));
            orleans.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
        });

        var client = new SiloClient(services.BuildServiceProvider());
        try
        {
            foreach (var part in client.Parts)
                await part.StartAsync(cancellationToken);
            return client;
        }
        catch
        {
            await client.services.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets go of the silos, which need not be there any more.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(Parts))
            await part.StopAsync(CancellationToken.None);
        await services.DisposeAsync();
    }

    private List<IHostedService> Parts => [.. services.GetServices<IHostedService>()];
}
