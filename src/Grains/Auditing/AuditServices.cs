using Microsoft.Extensions.DependencyInjection;

namespace AX2Caption.Grains.Auditing;

internal static class AuditServices
{
    public static IServiceCollection AddAuditing(this IServiceCollection services) => services.AddSingleton<Auditor>();
}
