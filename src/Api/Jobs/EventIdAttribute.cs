using AX2Caption.Api.Validation;
using Microsoft.OpenApi;

namespace AX2Caption.Api.Jobs;

/// <summary>What could be the id of an event that was sent here, or nothing, which is as none: who has seen no event has an empty one.</summary>
internal sealed class EventIdAttribute() : TextRuleAttribute("must be the id of an event of this stream.")
{
    public override bool Accepts(string text) => text.Length == 0 || EventId.TryParse(text, out _);

    public override void Describe(OpenApiSchema schema)
    {
        schema.MinLength = 0;
        schema.MaxLength = EventId.MaximumLength;
        schema.Pattern = "^([0-9]{1,18}(-end)?)?$";
    }
}
