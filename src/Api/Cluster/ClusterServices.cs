using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Api.Cluster;

internal static class ClusterServices
{
    public static void AddCluster(this IServiceCollection services)
    {
        services.AddOptions<ClusterOptions>().BindConfiguration("Cluster").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<DatabaseOptions>().BindConfiguration("ConnectionStrings").ValidateDataAnnotations().ValidateOnStart();

        services.AddSingleton(provider => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(
            provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.Api)
        {
            ApplicationName = "ax2caption-api",
            MaxPoolSize = 4,
        }));
        services.AddSingleton<ClusterConnection>();
        services.AddHostedService(provider => provider.GetRequiredService<ClusterConnection>());
        services.AddSingleton<ClusterCalls>();
    }
}
