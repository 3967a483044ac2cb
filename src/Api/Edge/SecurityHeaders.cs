using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Edge;

/// <summary>Headers that every answer has, whoever made it. docs/edge.md says what each is for.</summary>
internal static class SecurityHeaders
{
    /// <summary>Two years, which is what browsers' lists of HTTPS-only hosts ask for.</summary>
    public const string Hsts = "max-age=63072000; includeSubDomains; preload";

    public static readonly IReadOnlyDictionary<string, string> Fixed = new Dictionary<string, string>
    {
        ["Cross-Origin-Opener-Policy"] = "same-origin",
        ["Cross-Origin-Resource-Policy"] = "same-origin",
        ["Origin-Agent-Cluster"] = "?1",
        ["Permissions-Policy"] = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), "
            + "midi=(), payment=(), usb=(), browsing-topics=()",
        ["X-Content-Type-Options"] = "nosniff",
        ["X-DNS-Prefetch-Control"] = "off",
        ["X-Download-Options"] = "noopen",
        ["X-Frame-Options"] = "DENY",
        ["X-Permitted-Cross-Domain-Policies"] = "none",
        ["X-XSS-Protection"] = "0",
    };

    public static void UseSecurityHeaders(this WebApplication app)
    {
        // Over HTTPS without being bound to it, as on a developer's machine, it would shut the browser out of that host's other ports.
        var promisesHttps = app.Services.GetRequiredService<IOptions<EdgeOptions>>().Value.RequireHttps == true;
        app.Use((context, next) =>
        {
            // Late, since an error handler clears the headers that stood before it.
            context.Response.OnStarting(() =>
            {
                Set(context, promisesHttps && context.Request.IsHttps);
                return Task.CompletedTask;
            });
            return next(context);
        });
    }

    private static void Set(HttpContext context, bool hsts)
    {
        var headers = context.Response.Headers;
        foreach (var (name, value) in Fixed)
            headers[name] = value;
        headers.ContentSecurityPolicy = ContentPolicies.Of(context);
        if (hsts)
            headers.StrictTransportSecurity = Hsts;

        // What a signed link gives is for players on pages of any origin.
        if (context.Request.Path.StartsWithSegments("/v1/links"))
            headers["Cross-Origin-Resource-Policy"] = "cross-origin";

        var isForm = context.Request.Path.StartsWithSegments(ContentPolicies.FormPages);
        // A form's POST must say its origin, which no-referrer would turn into null; links with secrets still do not leave the site.
        headers["Referrer-Policy"] = isForm ? "same-origin" : "no-referrer";
        // Answers of the API belong to one account and one moment: no cache may keep them, unless an endpoint says otherwise.
        if (isForm || (context.Request.Path.StartsWithSegments("/v1") && headers.CacheControl.Count == 0))
            headers.CacheControl = "no-store";
    }
}
