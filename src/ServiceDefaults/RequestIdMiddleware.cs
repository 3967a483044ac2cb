using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AX2Caption.ServiceDefaults;

/// <summary>
/// Gives every request an id: the caller's <c>X-Request-Id</c> if it is 1 to 64 characters of <c>[A-Za-z0-9._-]</c>, else a new
/// one. It is <see cref="HttpContext.TraceIdentifier"/> from here on, the <c>RequestId</c> of every log line of the request, and
/// goes back in the response's <c>X-Request-Id</c>.
/// </summary>
public sealed class RequestIdMiddleware(RequestDelegate next, ILogger<RequestIdMiddleware> logger)
{
    /// <summary>The header that carries the id in and out.</summary>
    public const string Header = "X-Request-Id";

    /// <summary>The id's name in log lines, and wherever else it is passed on.</summary>
    public const string PropertyName = "RequestId";

    private const int MaxLength = 64;

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Names the request, then passes it on.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var given = context.Request.Headers[Header];
        var id = given is [{ } only] && IsValid(only) ? only : Guid.CreateVersion7().ToString("N");

        context.TraceIdentifier = id;
        // Set late, since an error handler clears the headers that stood before it.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[Header] = id;
            return Task.CompletedTask;
        });
        // A scope, since the server has opened one with a RequestId of its own, which would win over Serilog's LogContext.
        using (logger.BeginScope(new Dictionary<string, object> { [PropertyName] = id }))
            await next(context);
    }

    private static bool IsValid(string id) =>
        id.Length is >= 1 and <= MaxLength && !id.AsSpan().ContainsAnyExcept(Characters);
}

/// <summary>Adds <see cref="RequestIdMiddleware"/> to a pipeline.</summary>
public static class RequestIdExtensions
{
    /// <summary>Names every request; comes first, so that whatever follows logs and answers with the id.</summary>
    public static IApplicationBuilder UseRequestId(this IApplicationBuilder app) => app.UseMiddleware<RequestIdMiddleware>();
}
