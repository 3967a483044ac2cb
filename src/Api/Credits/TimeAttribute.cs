using AX2Caption.Api.Validation;
using Microsoft.OpenApi;

namespace AX2Caption.Api.Credits;

/// <summary>A time that <see cref="Rfc3339"/> can read.</summary>
internal sealed class TimeAttribute() : TextRuleAttribute(
    "must be an RFC 3339 time with an offset, such as 2026-11-25T09:30:00Z. The '+' of an offset is written %2B in a query.")
{
    public override bool Accepts(string text) => Rfc3339.TryRead(text, out _);

    public override void Describe(OpenApiSchema schema)
    {
        schema.Format = "date-time";
        schema.MinLength = "2026-11-25T09:30:00Z".Length;
        schema.MaxLength = "2026-11-25T09:30:00.1234567+00:00".Length;
    }
}
