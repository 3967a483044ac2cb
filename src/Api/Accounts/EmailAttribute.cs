using AX2Caption.Api.Validation;
using AX2Caption.Grains.Abstractions.Accounts;
using Microsoft.OpenApi;

namespace AX2Caption.Api.Accounts;

/// <summary>An e-mail address that mail can be sent to.</summary>
internal sealed class EmailAttribute() : TextRuleAttribute($"must be an e-mail address, such as name@example.org, of at most {EmailAddress.MaximumLength} characters.")
{
    public override bool Accepts(string text) => text.Length <= EmailAddress.MaximumLength && EmailAddress.Read(text) is not null;

    public override void Describe(OpenApiSchema schema)
    {
        schema.Format = "email";
        schema.MinLength = 3;
        schema.MaxLength = EmailAddress.MaximumLength;
    }
}
