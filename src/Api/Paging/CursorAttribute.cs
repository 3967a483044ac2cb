using AX2Caption.Api.Validation;
using Microsoft.OpenApi;

namespace AX2Caption.Api.Paging;

/// <summary>Shows what cursors look like. They are refused where they are read, with a code of their own.</summary>
internal sealed class CursorAttribute() : TextRuleAttribute("must be the 'next' of the page before.")
{
    public override bool Accepts(string text) => true;

    public override void Describe(OpenApiSchema schema)
    {
        schema.MinLength = Cursor.MinimumLength;
        schema.MaxLength = Cursor.MaximumLength;
        schema.Pattern = "^[A-Za-z0-9_-]+$";
    }
}
