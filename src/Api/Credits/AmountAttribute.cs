using System.Globalization;
using AX2Caption.Api.Validation;
using Microsoft.OpenApi;

namespace AX2Caption.Api.Credits;

/// <summary>Shows the limits of an amount. What is beyond them is refused by <see cref="AmountCheck"/>, with a code of its own.</summary>
/// <param name="minimum">The least.</param>
internal sealed class AmountAttribute(long minimum) : NumberRuleAttribute("must be a whole number of credits.")
{
    public override bool Accepts(long number) => true;

    public override void Describe(OpenApiSchema schema)
    {
        schema.Minimum = minimum.ToString(CultureInfo.InvariantCulture);
        schema.Maximum = AmountCheck.Maximum.ToString(CultureInfo.InvariantCulture);
        // A correction by nothing is none.
        if (minimum < 0)
            schema.Not = new OpenApiSchema { Enum = [0] };
    }
}
