using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace AX2Caption.Api.Validation;

/// <summary>One of a few names.</summary>
/// <param name="names">The names, exactly as they are written.</param>
internal class OneOfAttribute(params string[] names) : TextRuleAttribute($"must be one of: {string.Join(", ", names)}.")
{
    public override bool Accepts(string text) => names.Contains(text, StringComparer.Ordinal);

    public override void Describe(OpenApiSchema schema)
    {
        schema.Enum = [.. names.Select(name => (JsonNode)name)];
        // Without it, an enumeration would forbid the null that the type allows.
        if (schema.Type is { } type && type.HasFlag(JsonSchemaType.Null))
            schema.Enum.Add(JsonNullSentinel.JsonNull);
    }
}
