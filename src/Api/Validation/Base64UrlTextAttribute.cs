using Microsoft.OpenApi;

namespace AX2Caption.Api.Validation;

/// <summary>Text that may be a secret which was given out: letters and digits of base64url. Whether it is one is not said by its form.</summary>
/// <param name="maximumLength">In characters.</param>
internal sealed class Base64UrlTextAttribute(int maximumLength) : TextRuleAttribute($"must be 1 to {maximumLength} characters of base64url.")
{
    public override bool Accepts(string text) =>
        text.Length >= 1 && text.Length <= maximumLength && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');

    public override void Describe(OpenApiSchema schema)
    {
        schema.MinLength = 1;
        schema.MaxLength = maximumLength;
        schema.Pattern = "^[A-Za-z0-9_-]+$";
    }
}
