using AX2Caption.Api.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace AX2Caption.Api.Tests.Fixtures;

/// <summary>A host in this process, of a few parts of the Api and endpoints of the test's own, on a loopback port.</summary>
internal static class SmallHost
{
    public static async Task<WebApplication> Start(Action<WebApplicationBuilder> add, Action<WebApplication> use, string environment = "Production")
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.ClearProviders();
        builder.Services.AddErrors();
        add(builder);
        var app = builder.Build();
        use(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
