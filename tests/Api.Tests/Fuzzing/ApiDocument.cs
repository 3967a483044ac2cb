using System.Text.Json;

namespace AX2Caption.Api.Tests.Fuzzing;

/// <summary>The operations that an OpenAPI document lists.</summary>
internal sealed class ApiDocument
{
    public const string PieceType = "application/offset+octet-stream";

    private readonly JsonElement root;

    public ApiDocument(string json)
    {
        using var document = JsonDocument.Parse(json);
        root = document.RootElement.Clone();
        Operations =
        [
            .. from path in root.GetProperty("paths").EnumerateObject()
               from operation in path.Value.EnumerateObject()
               select Read(path.Name, operation),
        ];
    }

    public IReadOnlyList<ApiOperation> Operations { get; }

    /// <summary>What a schema is, behind references and the alternative of null.</summary>
    public JsonElement Resolve(JsonElement schema)
    {
        while (true)
        {
            if (schema.TryGetProperty("$ref", out var reference))
                schema = root.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
            else if (schema.TryGetProperty("oneOf", out var alternatives))
                schema = alternatives.EnumerateArray().Last();
            else
                return schema;
        }
    }

    private ApiOperation Read(string path, JsonProperty operation)
    {
        var parameters = operation.Value.TryGetProperty("parameters", out var listed)
            ? listed.EnumerateArray().Select(parameter => new ApiParameter(
                parameter.GetProperty("name").GetString()!,
                parameter.GetProperty("in").GetString()!,
                parameter.TryGetProperty("required", out var required) && required.GetBoolean(),
                Resolve(parameter.GetProperty("schema"))))
            : [];
        var content = operation.Value.TryGetProperty("requestBody", out var body) ? body.GetProperty("content") : default;
        return new ApiOperation(
            operation.Name.ToUpperInvariant(),
            path,
            [.. parameters],
            SchemaOf(content, "application/json"),
            SchemaOf(content, "multipart/form-data")?.GetProperty("properties").EnumerateObject().First().Name,
            SchemaOf(content, PieceType) is not null,
            operation.Value.GetProperty("x-access").GetString()!);
    }

    private JsonElement? SchemaOf(JsonElement content, string mediaType) =>
        content.ValueKind == JsonValueKind.Object && content.TryGetProperty(mediaType, out var media) ? Resolve(media.GetProperty("schema")) : null;
}

/// <param name="Method">Its method.</param>
/// <param name="Path">Its path, with parameters in braces.</param>
/// <param name="Parameters">What its path, query and headers hold.</param>
/// <param name="Body">The schema of its JSON body, if it has one.</param>
/// <param name="FileField">The field of its multipart body that holds a file, if it has one.</param>
/// <param name="IsPiece">Whether its body is a piece of an upload.</param>
/// <param name="Access">Who may use it.</param>
internal sealed record ApiOperation(
    string Method, string Path, IReadOnlyList<ApiParameter> Parameters, JsonElement? Body, string? FileField, bool IsPiece, string Access)
{
    public override string ToString() => $"{Method} {Path}";
}

internal sealed record ApiParameter(string Name, string In, bool IsRequired, JsonElement Schema);
