using AX2Caption.Grains.Work;
using Microsoft.Extensions.DependencyInjection;

namespace AX2Caption.Grains.Webhooks;

internal static class WebhookServices
{
    /// <summary>What grains need to register endpoints.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<WebhookMetrics>();
        services.AddSingleton<OutboundAddressPolicy>();
        services.AddSingleton<WebhookStore>();
        services.AddSingleton<WebhookQueue>();
        services.AddSingleton<ISweep, WebhookSweep>();
        return services;
    }

    /// <summary>What a silo needs that sends events.</summary>
    public static IServiceCollection AddWebhookSender(this IServiceCollection services)
    {
        services.AddSingleton<IHostResolver, DnsResolver>();
        services.AddSingleton<OutboundConnector>();
        services.AddSingleton<WebhookHttp>();
        services.AddHostedService<WebhookSender>();
        return services;
    }
}
