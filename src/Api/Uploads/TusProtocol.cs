using System.Globalization;
using AX2Caption.Api.Errors;

namespace AX2Caption.Api.Uploads;

/// <summary>What the tus protocol asks of every request and answer below the uploads' address.</summary>
internal static class TusProtocol
{
    private const string Prefix = "/v1/uploads";

    /// <summary>
    /// Marks every answer with the version, also those that are made before the uploads' own code is reached. Lets clients behind
    /// proxies that know few methods name the method in a header of a POST. Goes before routing.
    /// </summary>
    public static void UseTus(this WebApplication app) => app.Use((context, next) =>
    {
        var (request, response) = (context.Request, context.Response);
        if (!request.Path.StartsWithSegments(Prefix))
            return next(context);

        response.OnStarting(() =>
        {
            response.Headers[Tus.ResumableHeader] = Tus.Version;
            return Task.CompletedTask;
        });
        if (HttpMethods.IsPost(request.Method) && request.Headers[Tus.MethodHeader] is [{ Length: > 0 } method])
            request.Method = method.ToUpperInvariant();
        return next(context);
    });

    /// <summary>Refuses clients of other versions.</summary>
    public static RouteGroupBuilder SpeaksTus(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(async (invocation, next) =>
        {
            var (request, response) = (invocation.HttpContext.Request, invocation.HttpContext.Response);
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

    /// <summary>Whether a header is a whole number, however long it is.</summary>
    public static bool IsNumber(string? header) => !string.IsNullOrEmpty(header) && header.All(char.IsAsciiDigit);

    /// <summary>RFC 9110, section 5.6.7.</summary>
    public static string HttpDate(DateTimeOffset time) => time.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>Marks endpoints that answer to clients of the tus protocol alone.</summary>
internal sealed record SpeaksTusMetadata;
