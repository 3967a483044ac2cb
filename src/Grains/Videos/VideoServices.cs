using AX2Caption.Grains.Work;
using Microsoft.Extensions.DependencyInjection;

namespace AX2Caption.Grains.Videos;

internal static class VideoServices
{
    public static IServiceCollection AddVideos(this IServiceCollection services)
    {
        services.AddOptions<VideoOptions>().BindConfiguration(VideoOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<VideoStore>();
        services.AddSingleton<ISweep, UnfinishedVideoSweep>();
        return services;
    }

    public static IServiceCollection AddVideoTasks(this IServiceCollection services) => services.AddSingleton<ITaskHandler, ProbeHandler>();
}
