using System.Globalization;
using AX2Caption.Api.Errors;

namespace AX2Caption.Api.Uploads;

/// <summary>What the tus protocol asks of every request and answer below the uploads' address.</summary>
internal static class TusProtocol
{
    private const string Prefix = "/v1/uploads";

    /// <summary>Lets clients behind proxies that know few methods name the method in a header of a POST. Goes before routing.</summary>
    public static void UseTusMethodOverride(this WebApplication app) => app.Use((context, next) =>
    {
        if (HttpMethods.IsPost(context.Request.Method) && context.Request.Path.StartsWithSegments(Prefix) && context.Request.Headers[Tus.MethodHeader] is [{ Length: > 0 } method])
            context.Request.Method = method.ToUpperInvariant();
        return next(context);
    });

    /// <summary>Refuses clients of other versions, and marks every answer with ours.</summary>
    public static RouteGroupBuilder SpeaksTus(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(async (invocation, next) =>
        {
            var (request, response) = (invocation.HttpContext.Request, invocation.HttpContext.Response);
            response.Headers[Tus.ResumableHeader] = Tus.Version;
            if (request.Headers[Tus.ResumableHeader] == Tus.Version)
                return await next(invocation);

            response.Headers[Tus.VersionHeader] = Tus.Version;
            return ErrorTable.TusVersionUnsupported.Because($"Send the header {Tus.ResumableHeader}: {Tus.Version}.");
        });
        return group.WithMetadata(new SpeaksTusMetadata()).Refuses(ErrorTable.TusVersionUnsupported);
    }

    /// <summary>A header's whole number, 0 to 2^63 - 1 in digits alone; null if it is none.</summary>
    public static long? Number(string? header) =>
        long.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>RFC 9110, section 5.6.7.</summary>
    public static string HttpDate(DateTimeOffset time) => time.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>Marks endpoints that answer to clients of the tus protocol alone.</summary>
internal sealed record SpeaksTusMetadata;
