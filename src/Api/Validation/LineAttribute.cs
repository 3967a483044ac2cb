using AX2Caption.Api.Requests;
using Microsoft.OpenApi;

namespace AX2Caption.Api.Validation;

/// <summary>One line of text that people write and read: <see cref="PlainText"/>.</summary>
/// <param name="maximumLength">In UTF-16 code units.</param>
internal sealed class LineAttribute(int maximumLength)
    : TextRuleAttribute($"must be one line of text, 1 to {maximumLength} characters.")
{
    public override bool Accepts(string text) => PlainText.Is(text, maximumLength);

    public override void Describe(OpenApiSchema schema)
    {
        schema.MinLength = 1;
        schema.MaxLength = maximumLength;
        schema.Pattern = @"^(?=.*\S)[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$";
    }
}
