namespace AX2Caption.Api.Videos;

internal static class VideoServices
{
    public static void AddVideos(this IServiceCollection services)
    {
        services.AddSingleton<VideoUpload>();
    }
}
