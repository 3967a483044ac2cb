using AX2Caption.Grains.Work;
using Microsoft.Extensions.DependencyInjection;

namespace AX2Caption.Grains.Credits;

internal static class CreditServices
{
    public static IServiceCollection AddCredits(this IServiceCollection services)
    {
        services.AddOptions<CreditOptions>().BindConfiguration(CreditOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<CreditStore>();
        services.AddSingleton<ISweep, ExpiredHoldSweep>();
        return services;
    }
}
