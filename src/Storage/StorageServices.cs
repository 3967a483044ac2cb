using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AX2Caption.Storage;

/// <summary>Registers the object store.</summary>
public static class StorageServices
{
    /// <summary>Adds <see cref="IObjectStore"/>, configured by <see cref="StorageOptions"/>.</summary>
    public static IServiceCollection AddObjectStore(this IServiceCollection services)
    {
        services.AddOptions<StorageOptions>()
            .BindConfiguration(StorageOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<LocalObjectStore>();
        services.AddSingleton<IObjectStore>(provider => provider.GetRequiredService<LocalObjectStore>());
        services.AddHostedService<AbandonedWriteSweeper>();
        return services;
    }
}
