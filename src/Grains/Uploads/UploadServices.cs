using AX2Caption.Grains.Work;
using Microsoft.Extensions.DependencyInjection;

namespace AX2Caption.Grains.Uploads;

internal static class UploadServices
{
    public static IServiceCollection AddUploads(this IServiceCollection services)
    {
        services.AddOptions<UploadOptions>().BindConfiguration(UploadOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<UploadStore>();
        services.AddSingleton<DirectUploads>();
        services.AddSingleton<PartialUploads>();
        services.AddSingleton<ISweep, UploadSweep>();
        return services;
    }
}
