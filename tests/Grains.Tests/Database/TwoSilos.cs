using AX2Caption.Testing.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AX2Caption.Grains.Tests.Database;

/// <summary>Two silos with the Silo's role and a client with the Api's, as in production.</summary>
public sealed class TwoSilos(PostgresFixture postgres) : IAsyncLifetime
{
    private const string ClusterId = "two-silos";

    private readonly List<IHost> silos = [];
    private IHost? client;

    public ReminderBell Bell { get; } = new();

    public IReadOnlyList<IServiceProvider> Silos => [.. silos.Select(silo => silo.Services)];

    public IClusterClient Client => client!.Services.GetRequiredService<IClusterClient>();

    public async ValueTask InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        TestDatabase database = await postgres.Server.CreateDatabase(ct);
        for (var i = 0; i < 2; i++)
        {
            silos.Add(OrleansHosts.Silo(database.SiloConnectionString, ClusterId, services => services.AddSingleton(Bell)));
            await silos[i].StartAsync(ct);
        }

        client = OrleansHosts.Client(database.ApiConnectionString, ClusterId);
        await client.StartAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        IEnumerable<IHost?> clientFirst = [client, .. silos];
        foreach (var host in clientFirst.OfType<IHost>())
        {
            await host.StopAsync();
            host.Dispose();
        }
    }
}
