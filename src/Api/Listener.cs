namespace AX2Caption.Api;

internal static class Listener
{
    public static void AddListener(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ApiOptions>().BindConfiguration("Api").ValidateDataAnnotations().ValidateOnStart();
        builder.WebHost.UseUrls(builder.Configuration["Api:Url"] ?? new ApiOptions().Url);
    }
}
