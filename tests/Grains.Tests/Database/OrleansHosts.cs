using System.Net;
using AX2Caption.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace AX2Caption.Grains.Tests.Database;

/// <summary>
/// Hosts with the real AdoNet providers and real sockets. <c>InProcessTestCluster</c> cannot serve here: it always registers a
/// membership table of its own after the caller's.
/// </summary>
internal static class OrleansHosts
{
    private const string Invariant = "Npgsql";

    /// <summary>Storage that removes the row when state is cleared, beside the default that empties it.</summary>
    public const string DeletingStorage = "deleting";

    public static IHost Silo(string connectionString, string clusterId, Action<IServiceCollection>? configure = null)
    {
        var builder = Builder();
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (clusterId, clusterId));
            silo.Configure<EndpointOptions>(o => (o.AdvertisedIPAddress, o.SiloPort, o.GatewayPort) = (IPAddress.Loopback, FreePort.Find(), FreePort.Find()));
            silo.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (Invariant, connectionString));
            silo.AddAdoNetGrainStorageAsDefault(o => (o.Invariant, o.ConnectionString) = (Invariant, connectionString));
            silo.AddAdoNetGrainStorage(DeletingStorage, o => (o.Invariant, o.ConnectionString, o.DeleteStateOnClear) = (Invariant, connectionString, true));
            silo.UseAdoNetReminderService(o => (o.Invariant, o.ConnectionString) = (Invariant, connectionString));
            configure?.Invoke(silo.Services);
        });
        return builder.Build();
    }

    public static IHost Client(string connectionString, string clusterId)
    {
        var builder = Builder();
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (clusterId, clusterId));
            client.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (Invariant, connectionString));
        });
        return builder.Build();
    }

    private static HostApplicationBuilder Builder()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        return builder;
    }
}
