using Microsoft.OpenApi;

namespace AX2Caption.Api.Validation;

/// <summary>
/// What a value of a request must be. Rules stand where the value is declared, at the parameters of a body's record and at
/// those of a handler:
/// <code>
/// internal sealed record NewThing(Guid VideoId, [Line(200)] string Title, [WholeNumber(1, 9)] int Count = 1);
/// private static … List([WholeNumber(1, 100)] int? limit, …)
/// </code>
/// (In a record that is bound <c>[AsParameters]</c> they stand as <c>[property: …]</c>, for the OpenAPI generator's sake.)
/// Nothing else is to be called: before a handler runs, <see cref="RequestValidation"/> has refused, all at once and by name,
/// what is unknown, doubled, missing, null or of another type than it is declared with, and what breaks a rule; and the OpenAPI
/// document shows the rule. Text without any rule is refused control characters.
/// <para>
/// A feature writes a rule of its own as a class of a few lines beside it, on <see cref="TextRuleAttribute"/> or
/// <see cref="NumberRuleAttribute"/>. What takes more than one value to decide is decided by the handler, which answers in the
/// same shape: <c>ErrorTable.InvalidRequest.About("from", "must be earlier than until.")</c>; any other error of the table
/// can name a field in that way, too.
/// </para>
/// </summary>
/// <param name="message">What the value must be, as the rest of a sentence that begins with its name: <c>must be ….</c></param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal abstract class RuleAttribute(string message) : Attribute
{
    public string Message => message;

    /// <summary>Writes the rule into the schema of the value.</summary>
    public abstract void Describe(OpenApiSchema schema);
}

/// <summary>A rule for text. Of several texts, as in <c>string[]</c>, it holds for each.</summary>
/// <inheritdoc/>
internal abstract class TextRuleAttribute(string message) : RuleAttribute(message)
{
    /// <param name="text">Well-formed UTF-16, of any length and with any characters.</param>
    public abstract bool Accepts(string text);
}

/// <summary>A rule for whole numbers.</summary>
/// <inheritdoc/>
internal abstract class NumberRuleAttribute(string message) : RuleAttribute(message)
{
    public abstract bool Accepts(long number);
}
