using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Requests;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace AX2Caption.Api.Validation;

/// <summary>
/// Refuses what is not as its endpoint declares it, before the handler sees it. How to declare it is told at
/// <see cref="RuleAttribute"/>.
/// </summary>
internal static class RequestValidation
{
    /// <summary>Goes last, so that nobody has a body read who is not let in.</summary>
    public static void UseRequestValidation(this WebApplication app)
    {
        var json = app.Services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var plans = new ConditionalWeakTable<Endpoint, RequestPlan>();
        app.Use(async (context, next) =>
        {
            if (context.GetEndpoint() is RouteEndpoint endpoint)
            {
                var plan = plans.GetValue(endpoint, _ => RequestPlan.Of(endpoint, json));
                if (await Check(context, plan) is { } refusal)
                {
                    await refusal.ExecuteAsync(context);
                    return;
                }
            }

            await next(context);
        });
    }

    private static async Task<ErrorResult?> Check(HttpContext context, RequestPlan plan)
    {
        var errors = new FieldErrors();
        foreach (var parameter in plan.Parameters)
            parameter.Check(context.Request, errors);
        if (plan.Body is not null && await CheckBody(context, plan, errors) is { } refusal)
            return refusal;
        return errors.All is [] ? null : ErrorTable.InvalidRequest.About([.. errors.All]);
    }

    private static async Task<ErrorResult?> CheckBody(HttpContext context, RequestPlan plan, FieldErrors errors)
    {
        var request = context.Request;
        var body = new MemoryStream();
        try
        {
            // How much there may be is the server's to limit.
            await request.Body.CopyToAsync(body, context.RequestAborted);
        }
        catch (Exception exception) when (BrokenBody.Caused(exception))
        {
            return ErrorTable.InvalidRequest.Because("The body is not whole. Send it again.");
        }

        var bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        if (bytes.IsEmpty)
            return plan.IsBodyOptional ? null : ErrorTable.InvalidRequest.Because("The body is missing.");
        if (!request.HasJsonContentType())
            return ErrorTable.UnsupportedContentType.Because("Send the body as application/json.");
        // RFC 8259, section 8.1: JSON has one encoding; others may be named, in the type, and not used.
        if (request.GetTypedHeaders().ContentType?.Charset is { HasValue: true } charset
            && !HeaderUtilities.RemoveQuotes(charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            return ErrorTable.UnsupportedContentType.Because("Send the body in UTF-8.");
        if (!Utf8.IsValid(bytes.Span))
            return ErrorTable.InvalidRequest.Because("The body is not valid UTF-8.");
        if (RefuseJson(bytes, plan, errors) is { } refusal)
            return refusal;

        body.Position = 0;
        request.Body = body;
        return null;
    }

    private static ErrorResult? RefuseJson(ReadOnlyMemory<byte> bytes, RequestPlan plan, FieldErrors errors)
    {
        var type = plan.Body!;
        try
        {
            // The serializer passes over a byte order mark, too.
            using var document = JsonDocument.Parse(
                bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes, new JsonDocumentOptions { MaxDepth = type.Options.MaxDepth });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return ErrorTable.InvalidRequest.Because("The body must be a JSON object.");
            BodyCheck.Check(document.RootElement, type, errors);
            return null;
        }
        catch (JsonException exception)
        {
            return ErrorTable.InvalidRequest.Because(
                $"The body is not valid JSON, or is more than {type.Options.MaxDepth} levels deep, "
                + $"from line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1} on.");
        }
    }
}
