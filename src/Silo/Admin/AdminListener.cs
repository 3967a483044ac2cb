using Microsoft.AspNetCore.Authentication;
using Orleans.Dashboard;

namespace AX2Caption.Silo.Admin;

internal static class AdminListener
{
    public static void AddAdminListener(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<AdminOptions>().BindConfiguration(AdminOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddAuthentication(OperatorAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, OperatorAuthentication>(OperatorAuthentication.SchemeName, configureOptions: null);
        builder.Services.AddAuthorization();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.WebHost.UseUrls(builder.Configuration[$"{AdminOptions.Section}:{nameof(AdminOptions.Url)}"] ?? new AdminOptions().Url);
    }

    public static void UseAdminListener(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
    }

    public static void MapDashboard(this WebApplication app) => app.MapOrleansDashboard("/dashboard").RequireAuthorization();
}
