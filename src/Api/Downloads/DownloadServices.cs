namespace AX2Caption.Api.Downloads;

internal static class DownloadServices
{
    public static void AddDownloads(this IServiceCollection services)
    {
        services.AddOptions<DownloadOptions>().BindConfiguration("Downloads").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<SignedLinks>();
        services.AddSingleton<VideoDownload>();
    }
}
