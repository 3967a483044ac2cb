using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Media;

public static class MediaServiceCollectionExtensions
{
    /// <summary>Adds what opens media files; only worker silos use it.</summary>
    public static IServiceCollection AddMedia(this IServiceCollection services)
    {
        services.AddOptions<MediaOptions>().BindConfiguration(MediaOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<MediaSandboxOptions>().BindConfiguration(MediaSandboxOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<MediaOptions>, MediaOptionsValidator>();

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<MediaSandbox>();
        services.AddSingleton<MediaProbe>();
        services.AddSingleton<AudioExtractor>();
        services.AddSingleton<Thumbnailer>();
        services.AddHostedService<UnconfinedMediaNotice>();
        return services;
    }
}
