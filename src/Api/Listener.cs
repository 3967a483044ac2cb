namespace AX2Caption.Api;

internal static class Listener
{
    private const string Certificate = "Kestrel:Certificates:Default:Path";

    public static void AddListener(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ApiOptions>()
            .BindConfiguration("Api")
            .ValidateDataAnnotations()
            .Validate<IConfiguration>(
                (api, configuration) => !api.Url.Contains("https://", StringComparison.Ordinal) || File.Exists(configuration[Certificate]),
                $"{Certificate} must name the certificate's file, since Api:Url has an https:// address.")
            .ValidateOnStart();
        builder.WebHost.UseUrls(builder.Configuration["Api:Url"] ?? new ApiOptions().Url);
    }
}
