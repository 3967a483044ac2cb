using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Edge;

/// <summary>What stands between the network and the features.</summary>
internal static class EdgeServices
{
    public static void AddEdge(this IServiceCollection services)
    {
        services.AddOptions<EdgeOptions>()
            .BindConfiguration("Edge")
            .PostConfigure<IHostEnvironment>((edge, environment) => edge.RequireHttps ??= environment.IsProduction())
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<EdgeOptions>, EdgeOptionsValidator>();
        TrustedProxies.Configure(services);
        CrossOrigin.Configure(services);
    }
}
