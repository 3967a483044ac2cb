using AX2Caption.Api.Validation;
using Microsoft.OpenApi;

namespace AX2Caption.Api.Jobs;

/// <summary>What could be the name of a language or a profile; whether there is one of this name is decided by a grain.</summary>
internal sealed class NameAttribute() : TextRuleAttribute($"must be 1 to {MaximumLength} letters, digits, hyphens or underscores.")
{
    private const int MaximumLength = 64;

    public override bool Accepts(string text) =>
        text.Length is > 0 and <= MaximumLength && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');

    public override void Describe(OpenApiSchema schema)
    {
        schema.MinLength = 1;
        schema.MaxLength = MaximumLength;
        schema.Pattern = "^[A-Za-z0-9_-]+$";
    }
}
