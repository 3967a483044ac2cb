using System.Globalization;
using Microsoft.OpenApi;

namespace AX2Caption.Api.Validation;

/// <summary>A whole number within limits.</summary>
/// <param name="minimum">The least.</param>
/// <param name="maximum">The greatest.</param>
internal sealed class WholeNumberAttribute(long minimum, long maximum)
    : NumberRuleAttribute($"must be a whole number from {minimum} to {maximum}.")
{
    public override bool Accepts(long number) => number >= minimum && number <= maximum;

    public override void Describe(OpenApiSchema schema)
    {
        schema.Minimum = minimum.ToString(CultureInfo.InvariantCulture);
        schema.Maximum = maximum.ToString(CultureInfo.InvariantCulture);
    }
}
