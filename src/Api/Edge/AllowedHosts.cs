using AX2Caption.Api.Errors;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace AX2Caption.Api.Edge;

internal static class AllowedHosts
{
    /// <summary>Answers only to the names of the service, if they were configured: links and redirections may then be made from them.</summary>
    public static void UseAllowedHosts(this WebApplication app)
    {
        List<StringSegment> allowed = [.. app.Services.GetRequiredService<IOptions<EdgeOptions>>().Value.AllowedHosts];
        if (allowed.Count == 0)
            return;

        app.Use((context, next) => IsAllowed(context.Request)
            ? next(context)
            : ErrorTable.HostNotAllowed.Because("The Host header names another host.").ExecuteAsync(context));

        // A load balancer asks for health by address.
        bool IsAllowed(HttpRequest request) =>
            request.Path.StartsWithSegments("/health") || (request.Host.HasValue && HostString.MatchesAny(request.Host.Host, allowed));
    }
}
