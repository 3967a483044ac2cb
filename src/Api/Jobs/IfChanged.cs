using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace AX2Caption.Api.Jobs;

/// <summary>
/// JSON that clients ask for again and again. Its strong entity tag is the hash of its very bytes, so it changes exactly when they do,
/// whatever made them change; <c>If-None-Match</c> with the same is answered with 304.
/// </summary>
internal static class IfChanged
{
    private const string MediaType = "application/json; charset=utf-8";
    private const int TagBytes = 16;

    public static FileContentHttpResult Answer<T>(HttpContext context, T value)
    {
        var json = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, json);
        var tag = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, TagBytes));
        // The client's alone, who may keep it and asks each time whether it is still so.
        context.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Bytes(bytes, MediaType, entityTag: new EntityTagHeaderValue($"\"{tag}\""));
    }

    /// <summary>Says so in the OpenAPI document.</summary>
    public static RouteHandlerBuilder AnswersIfChanged<T>(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces<T>().Produces(StatusCodes.Status304NotModified);
}
