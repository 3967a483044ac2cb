using AX2Caption.Api.Validation;
using Microsoft.OpenApi;

namespace AX2Caption.Api.Passwords;

/// <summary>A password: any characters, counted as people count them, as Unicode's code points in form C.</summary>
/// <param name="minimum">The least; 8 for a new one.</param>
internal sealed class PasswordAttribute(int minimum) : TextRuleAttribute($"must be {minimum} to {Maximum} characters.")
{
    public const int Minimum = 8;
    public const int Maximum = 128;

    public override bool Accepts(string text) =>
        // No normal form is longer in characters than this text in code units, which may be a whole body.
        text.Length <= 8 * Maximum && FormC.Of(text)?.EnumerateRunes().Count() is { } count && count >= minimum && count <= Maximum;

    public override void Describe(OpenApiSchema schema)
    {
        schema.Format = "password";
        schema.MinLength = minimum;
        schema.MaxLength = Maximum;
    }
}
