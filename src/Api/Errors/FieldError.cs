namespace AX2Caption.Api.Errors;

/// <summary>What is wrong with one value of a request.</summary>
/// <param name="Field">The member of the body, as <c>a.b[0]</c>, or the name of the query parameter or header.</param>
/// <param name="Message">What it must be, as the rest of a sentence that begins with the field.</param>
internal sealed record FieldError(string Field, string Message);
