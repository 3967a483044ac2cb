namespace AX2Caption.Api.Uploads;

internal static class UploadServices
{
    public static void AddUploads(this IServiceCollection services)
    {
        services.AddOptions<UploadOptions>().BindConfiguration("Uploads").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<UploadHashes>();
        services.AddSingleton<PieceWriter>();
        services.AddSingleton<UploadCreation>();
    }
}
