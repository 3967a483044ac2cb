using AX2Caption.Storage;
using AX2Caption.Testing.Postgres;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.TestingHost;

namespace AX2Caption.Grains.Tests.Cluster;

/// <summary>
/// Two silos of the core role, put together as the service does it, but without sweeper and worker, which tests play by hand, and
/// with the test host's own membership, which it does not let go of.
/// </summary>
internal sealed class ServiceCluster : IAsyncDisposable
{
    /// <summary>Names the connections that carry the business tables, so that a test can cut just these.</summary>
    public const string BusinessConnections = "ax2-silo";

    /// <summary>Videos that a member may pin.</summary>
    public const int MemberPins = 2;

    /// <summary>How long a statement waits for a row that another holds: the longest that may be set.</summary>
    public static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(15);

    private const string Invariant = "Npgsql";

    private readonly InProcessTestCluster cluster;

    private ServiceCluster(InProcessTestCluster cluster) => this.cluster = cluster;

    public IGrainFactory Client => cluster.Client;

    public IReadOnlyList<IServiceProvider> Silos => [.. cluster.Silos.Select(silo => silo.ServiceProvider)];

    /// <param name="database">Whose tables.</param>
    /// <param name="objectFolder">Where objects are stored.</param>
    /// <param name="clock">The time.</param>
    /// <param name="settings">Settings other than those of all clusters.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<ServiceCluster> Start(
        TestDatabase database, string objectFolder, TimeProvider clock, IReadOnlyDictionary<string, string?> settings, CancellationToken ct)
    {
        // Small pools: several clusters share one server.
        var business = new NpgsqlConnectionStringBuilder(database.SiloConnectionString) { ApplicationName = BusinessConnections, MaxPoolSize = 16 };
        var orleans = new NpgsqlConnectionStringBuilder(database.SiloConnectionString) { ApplicationName = "ax2-orleans", MaxPoolSize = 8 }.ConnectionString;
        var builder = new InProcessTestClusterBuilder(2);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureHost(host => host.Logging.ClearProviders());
        builder.ConfigureSiloHost((_, host) =>
        {
            host.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Storage:Root"] = objectFolder,
                ["Storage:MinimumFreeBytes"] = "0",
                ["Worker:RetryDelay"] = "00:00:00",
                ["Worker:OutageDelay"] = "00:00:00",
                ["Worker:LeaseDuration"] = "00:05:00",
                // However slow the machine is: these run out when a test says so.
                ["Uploads:WriterLease"] = "00:05:00",
                ["Jobs:Writer:LockTimeout"] = $"{LockTimeout}",
                ["Plans:Guest:MaximumTasksAtWork"] = "1000",
                ["Jobs:MaximumLiveJobsPerAccount"] = "3",
                ["Plans:Guest:MaximumVideos"] = "3",
                ["Plans:Member:MaximumVideos"] = "4",
                ["Plans:Member:MaximumPinned"] = $"{MemberPins}",
                ["Passwords:WorkFactor"] = "4",
                ["Mail:Folder"] = objectFolder + "-mails",
                // Receivers of tests are on this machine.
                ["Webhooks:AllowHttp"] = "true",
                ["Webhooks:AllowedPorts:0"] = "1024-65535",
                ["Webhooks:AllowedNetworks:0"] = "127.0.0.0/8",
            }).AddInMemoryCollection(settings);
            host.Services.AddSingleton(clock);
            host.Services.AddNpgsqlDataSource(business.ConnectionString);
            host.Services.AddObjectStore();
            host.Services.AddWriters(business.ConnectionString);
            host.Services.AddGrainServices();
        });
        builder.ConfigureSilo((_, silo) => silo
            .AddAdoNetGrainStorageAsDefault(options => (options.Invariant, options.ConnectionString) = (Invariant, orleans))
            .UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = (Invariant, orleans))
            .AddGrainCallFilters());

        var cluster = builder.Build();
        await cluster.DeployAsync(ct);
        return new ServiceCluster(cluster);
    }

    public async ValueTask DisposeAsync() => await cluster.DisposeAsync();
}
