using AX2Caption.Api.Errors;

namespace AX2Caption.Api.Jobs;

/// <summary>Refuses what cannot be the name of anything before it reaches a grain; whether a name is known is decided there.</summary>
internal static class NameCheck
{
    private const int MaximumLength = 64;

    /// <returns>Null if it is absent or could be a name.</returns>
    public static ErrorResult? Of(string member, string? name) =>
        name is null || (name.Length is > 0 and <= MaximumLength && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'))
            ? null
            : ErrorTable.InvalidRequest.Because($"{member} must be 1 to {MaximumLength} letters, digits, hyphens or underscores.");
}
