using AX2Caption.Grains.Work;
using Microsoft.Extensions.DependencyInjection;

namespace AX2Caption.Grains.AuditLog;

internal static class AuditLogServices
{
    public static IServiceCollection AddAuditLog(this IServiceCollection services)
    {
        services.AddOptions<AuditLogOptions>().BindConfiguration(AuditLogOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<AuditLogStore>();
        services.AddSingleton<AuditEvents>();
        services.AddSingleton<ISweep, AuditLogSweep>();
        return services;
    }
}
