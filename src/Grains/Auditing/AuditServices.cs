using Microsoft.Extensions.DependencyInjection;

namespace AX2Caption.Grains.Auditing;

internal static class AuditServices
{
    public static IServiceCollection AddAuditing(this IServiceCollection services)
    {
        services.AddOptions<AuditOptions>().BindConfiguration(AuditOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Auditor>();
        services.AddSingleton<ChangedAccounts>();
        return services.AddSingleton<LedgerWatch>();
    }
}
