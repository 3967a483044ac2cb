using AX2Caption.Grains.Work;
using Microsoft.Extensions.DependencyInjection;

namespace AX2Caption.Grains.Retention;

internal static class RetentionServices
{
    public static IServiceCollection AddRetention(this IServiceCollection services)
    {
        services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<DeletionReceipts>();
        services.AddSingleton<VideoDeletion>();
        services.AddSingleton<Pins>();
        services.AddSingleton<ISweep, DueDeletionSweep>();
        return services;
    }
}
