using System.ComponentModel.DataAnnotations;
using System.Net;
using AX2Caption.Grains;
using AX2Caption.ServiceDefaults;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace AX2Caption.Silo.Hosting;

internal static class ClusterHosting
{
    private const string Invariant = "Npgsql";

    /// <summary>A section that has to be known before the container exists, since what is put into it depends on it.</summary>
    /// <exception cref="OptionsValidationException">The settings are wrong; all of the section that are invalid are named.</exception>
    public static T Settings<T>(this IConfiguration configuration, string section)
        where T : class, new()
    {
        var settings = configuration.GetSection(section).Get<T>() ?? new T();
        var problems = new List<ValidationResult>();
        return Validator.TryValidateObject(settings, new ValidationContext(settings), problems, validateAllProperties: true)
            ? settings
            : throw new OptionsValidationException(section, typeof(T), problems.Select(problem => problem.ErrorMessage!));
    }

    /// <summary>Business tables have a pool of their own: neither they nor Orleans can use up the other's connections.</summary>
    public static void AddDatabase(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<DatabaseOptions>().BindConfiguration(DatabaseOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<ConnectionSettings>().BindConfiguration(ConnectionSettings.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddNpgsqlDataSource(builder.Configuration.Connection("ax2-silo"));
        builder.Services.AddSingleton<DatabaseClock>();
        builder.Services.AddHostedService<ClockGuard>();
    }

    /// <summary>Goes before <see cref="AddCluster"/>: grains that stop wait for what they have written.</summary>
    public static void AddWriters(this WebApplicationBuilder builder) =>
        builder.Services.AddWriters(builder.Configuration.Connection("ax2-writers"));

    public static void AddCluster(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ClusterSettings>().BindConfiguration(ClusterSettings.Section).ValidateDataAnnotations().ValidateOnStart();
        var settings = builder.Configuration.Cluster();
        var connectionString = builder.Configuration.Connection("ax2-orleans");
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
                options.TableRefreshTimeout = settings.MembershipRefresh;
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

    public static ClusterSettings Cluster(this IConfiguration configuration) => OrDefaults<ClusterSettings>(configuration, ClusterSettings.Section);

    private static string Connection(this IConfiguration configuration, string name) =>
        OrDefaults<DatabaseOptions>(configuration, DatabaseOptions.Section)
            .Named(name, OrDefaults<ConnectionSettings>(configuration, ConnectionSettings.Section));

    /// <summary>Bad settings are named with all others by the check before the start; until then the host is only put together.</summary>
    private static T OrDefaults<T>(IConfiguration configuration, string section)
        where T : class, new()
    {
        try
        {
            return configuration.Settings<T>(section);
        }
        catch (Exception exception) when (BadSettings.In(exception) is not null)
        {
            return new T();
        }
    }
}
