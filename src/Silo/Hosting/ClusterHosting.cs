using System.ComponentModel.DataAnnotations;
using System.Net;
using AX2Caption.Grains;
using Npgsql;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace AX2Caption.Silo.Hosting;

internal static class ClusterHosting
{
    private const string Invariant = "Npgsql";
    private const string ConnectionName = "Silo";

    /// <summary>Reads the section before the container exists: what runs here depends on it. Bad values stop the start with all their reasons.</summary>
    public static ClusterSettings Cluster(this IConfiguration configuration)
    {
        var settings = configuration.GetSection(ClusterSettings.Section).Get<ClusterSettings>() ?? new ClusterSettings();
        var problems = new List<ValidationResult>();
        return Validator.TryValidateObject(settings, new ValidationContext(settings), problems, validateAllProperties: true)
            ? settings
            : throw new InvalidOperationException(string.Join(' ', problems.Select(problem => problem.ErrorMessage)));
    }

    /// <summary>Business tables have a pool of their own: neither they nor Orleans can use up the other's connections.</summary>
    public static void AddDatabase(this WebApplicationBuilder builder) =>
        builder.Services.AddNpgsqlDataSource(ConnectionString(builder.Configuration, "ax2-silo"));

    /// <summary>Goes before <see cref="AddCluster"/>: grains that stop wait for what they have written.</summary>
    public static void AddWriters(this WebApplicationBuilder builder) =>
        builder.Services.AddWriters(ConnectionString(builder.Configuration, "ax2-writers"));

    public static void AddCluster(this WebApplicationBuilder builder)
    {
        var settings = builder.Configuration.Cluster();
        var connectionString = ConnectionString(builder.Configuration, "ax2-orleans");
        builder.UseOrleans(silo =>
        {
            silo.Configure<Orleans.Configuration.ClusterOptions>(options =>
            {
                options.ClusterId = settings.ClusterId;
                options.ServiceId = settings.ServiceId;
            });
            silo.Configure<EndpointOptions>(options =>
            {
                options.AdvertisedIPAddress = settings.Address;
                options.SiloPort = settings.SiloPort;
                options.GatewayPort = settings.GatewayPort;
                options.SiloListeningEndpoint = new IPEndPoint(settings.Address, settings.SiloPort);
                options.GatewayListeningEndpoint = new IPEndPoint(settings.Address, settings.GatewayPort);
            });
            // A silo that is killed is missed within seconds. One that only starves is asked by others too before it is given up.
            silo.Configure<ClusterMembershipOptions>(options =>
            {
                options.ProbeTimeout = settings.ProbeTimeout;
                options.NumMissedProbesLimit = settings.MissedProbes;
            });
            silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Invariant, connectionString));
            silo.AddAdoNetGrainStorageAsDefault(options => (options.Invariant, options.ConnectionString) = (Invariant, connectionString));
            silo.UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = (Invariant, connectionString));
            silo.AddDashboard();
            silo.AddGrainCallFilters();
            if (!settings.IsCore)
            {
                silo.LeaveOutBusinessGrains();
            }
        });
    }

    public static void AddRoles(this WebApplicationBuilder builder)
    {
        var settings = builder.Configuration.Cluster();
        builder.Services.AddGrainServices();
        if (settings.IsCore)
        {
            builder.Services.AddCoreRole();
        }

        if (settings.IsWorker)
        {
            builder.Services.AddWorkerRole(settings.IsCore);
        }
    }

    private static string ConnectionString(IConfiguration configuration, string applicationName)
    {
        var configured = configuration.GetConnectionString(ConnectionName);
        return string.IsNullOrWhiteSpace(configured)
            ? throw new InvalidOperationException($"ConnectionStrings:{ConnectionName} is missing: set it to the silo's role on PostgreSQL.")
            : new NpgsqlConnectionStringBuilder(configured) { ApplicationName = applicationName }.ConnectionString;
    }
}
