using AX2Caption.Testing;
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
    private int asked;

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
        await ShareGrains(ct);
    }

    /// <summary>
    /// Waits until new grains are placed on both. A silo that has just started may still be joining, and the other may not have heard of it: until
    /// then none are placed on it. Nor need they be at any moment, since it is the one that is less busy which gets them.
    /// </summary>
    public Task ShareGrains(CancellationToken ct) => Polling.Until(
        async () => (await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Client.GetGrain<ITallyGrain>($"new-{asked++}").SiloName()))).Distinct().Count() == 2, ct);

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
