using AX2Caption.Api.Errors;

namespace AX2Caption.Api.Validation;

/// <summary>What is found to be wrong with a request, up to a limit: a body may have thousands of errors.</summary>
internal sealed class FieldErrors
{
    public const int Maximum = 20;

    /// <summary>Names that clients send may be as long as a body.</summary>
    private const int MaximumName = 100;

    private readonly List<FieldError> errors = [];

    public IReadOnlyList<FieldError> All => errors;

    public bool IsFull => errors.Count >= Maximum;

    public void Add(string field, string message)
    {
        if (!IsFull)
            errors.Add(new FieldError(Cut(field), message));
    }

    private static string Cut(string field)
    {
        if (field.Length <= MaximumName)
            return field;
        // Half a surrogate pair could not be written.
        var length = char.IsHighSurrogate(field[MaximumName - 1]) ? MaximumName - 1 : MaximumName;
        return $"{field[..length]}…";
    }
}
