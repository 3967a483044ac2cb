using System.Globalization;
using System.Text.Json;
using AX2Caption.Api.Requests;

namespace AX2Caption.Api.Validation;

/// <summary>Whether a single value is of the type it is declared with and keeps the rules that stand there.</summary>
internal static class ValueCheck
{
    private const string Uuid = "must be a UUID, such as 01900000-0000-7000-8000-000000000000.";
    private const string Boolean = "must be true or false.";
    private const string WholeNumber = "must be a whole number of 64 bits.";
    private const string SmallWholeNumber = "must be a whole number of 32 bits.";
    private const string Text = "must be text without control characters.";

    public static bool Knows(Type type) =>
        type == typeof(string) || type == typeof(Guid) || type == typeof(long) || type == typeof(int) || type == typeof(bool);

    /// <returns>What it must be, or null if it is. Types that are not known here are left to the serializer.</returns>
    public static string? Refuse(JsonElement value, Type type, IReadOnlyList<RuleAttribute> rules) => type switch
    {
        _ when type == typeof(string) => RefuseText(ReadText(value), rules),
        _ when type == typeof(long) || type == typeof(int) => RefuseNumber(ReadNumber(value), type, rules),
        _ when type == typeof(Guid) => ReadText(value) is not null && value.TryGetGuid(out _) ? null : Uuid,
        _ when type == typeof(bool) => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : Boolean,
        _ => null,
    };

    /// <inheritdoc cref="Refuse(JsonElement, Type, IReadOnlyList{RuleAttribute})"/>
    public static string? Refuse(string value, Type type, IReadOnlyList<RuleAttribute> rules) => type switch
    {
        _ when type == typeof(string) => RefuseText(value, rules),
        _ when type == typeof(long) || type == typeof(int) =>
            RefuseNumber(long.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number : null, type, rules),
        _ when type == typeof(Guid) => Guid.TryParse(value, out _) ? null : Uuid,
        _ when type == typeof(bool) => bool.TryParse(value, out _) ? null : Boolean,
        _ => null,
    };

    private static string? RefuseText(string? text, IReadOnlyList<RuleAttribute> rules)
    {
        var own = rules.OfType<TextRuleAttribute>().ToList();
        if (own is [])
            return text is not null && PlainText.HasNoControls(text) ? null : Text;
        return own.Find(rule => text is null || !PlainText.IsWellFormed(text) || !rule.Accepts(text))?.Message;
    }

    private static string? RefuseNumber(long? number, Type type, IReadOnlyList<RuleAttribute> rules)
    {
        if (type == typeof(int) && number is < int.MinValue or > int.MaxValue)
            number = null;
        var own = rules.OfType<NumberRuleAttribute>().ToList();
        // A rule says better what is expected than the type does.
        if (own is [])
            return number is not null ? null : type == typeof(int) ? SmallWholeNumber : WholeNumber;
        return own.Find(rule => number is null || !rule.Accepts(number.Value))?.Message;
    }

    /// <returns>Null if it is no text, or a broken one.</returns>
    private static string? ReadText(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // The one way to learn that escapes such as \ud83d make no whole character.
            return null;
        }
    }

    private static long? ReadNumber(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;
}
