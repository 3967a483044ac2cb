using AX2Caption.Api.Requests;
using Microsoft.OpenApi;

namespace AX2Caption.Api.Validation;

/// <summary>One line of text, as <see cref="LineAttribute"/> has it, or none at all.</summary>
/// <param name="maximumLength">In UTF-16 code units.</param>
internal sealed class LineOrNothingAttribute(int maximumLength)
    : TextRuleAttribute($"must be empty or one line of text, at most {maximumLength} characters.")
{
    public override bool Accepts(string text) => text.Length == 0 || PlainText.Is(text, maximumLength);

    public override void Describe(OpenApiSchema schema) => schema.MaxLength = maximumLength;
}
