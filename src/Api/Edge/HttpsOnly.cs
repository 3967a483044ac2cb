using AX2Caption.Api.Errors;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Edge;

/// <summary>Sends readers to HTTPS, and refuses whatever else comes in the clear: a client that posts a secret must not get used to it.</summary>
internal static class HttpsOnly
{
    public static void UseHttpsOnly(this WebApplication app)
    {
        var edge = app.Services.GetRequiredService<IOptions<EdgeOptions>>().Value;
        if (edge.RequireHttps != true)
            return;

        var port = PortOf(app.Services.GetRequiredService<IOptions<ApiOptions>>().Value.Url);
        app.Use((context, next) =>
        {
            var request = context.Request;
            // Who asks for health is inside, where there often is no certificate.
            if (request.IsHttps || request.Path.StartsWithSegments("/health"))
                return next(context);
            if ((HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && Target(edge.PublicUrl, request, port) is { } target)
                return Redirect(context.Response, target);
            return ErrorTable.HttpsRequired.Because("Send it again over HTTPS; what it said must be taken for read by others.").ExecuteAsync(context);
        });
    }

    /// <summary>The same address over HTTPS: of the public URL if there is one, else of the host that was asked for.</summary>
    /// <param name="publicUrl">Scheme and authority, or null.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="port">The port of HTTPS on that host.</param>
    /// <returns>Null if it cannot be said.</returns>
    public static string? Target(string? publicUrl, HttpRequest request, int port)
    {
        var rest = UriHelper.BuildRelative(request.PathBase, request.Path, request.QueryString);
        if (publicUrl is not null)
            return publicUrl + rest;
        return request.Host.HasValue
            ? $"https://{(port == 443 ? new HostString(request.Host.Host) : new HostString(request.Host.Host, port)).ToUriComponent()}{rest}"
            : null;
    }

    /// <summary>The first HTTPS port that this process listens on; without one, 443, where a proxy in front of it listens.</summary>
    public static int PortOf(string urls) => urls.Split(';')
        .Select(url => BindingAddress.Parse(url))
        .FirstOrDefault(address => address.Scheme == Uri.UriSchemeHttps)?.Port ?? 443;

    private static Task Redirect(HttpResponse response, string target)
    {
        response.StatusCode = StatusCodes.Status308PermanentRedirect;
        response.Headers.Location = target;
        // Otherwise a browser keeps it for ever, even when the address has changed.
        response.Headers.CacheControl = "no-store";
        return response.CompleteAsync();
    }
}
