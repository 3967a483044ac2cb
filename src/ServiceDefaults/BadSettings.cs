using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace AX2Caption.ServiceDefaults;

/// <summary>What is wrong with settings, a sentence for each, as the exceptions say that options, hosts and stores refuse them with.</summary>
public static partial class BadSettings
{
    /// <summary>The sentences, each once; null if the exception is about something else.</summary>
    public static IReadOnlyList<string>? In(Exception exception) => exception switch
    {
        OptionsValidationException invalid => [.. invalid.Failures.Select(Bare).Distinct()],
        AggregateException several when several.InnerExceptions.Select(In).ToList() is var each && each.TrueForAll(found => found is not null) =>
            [.. each.SelectMany(found => found!).Distinct()],
        InvalidOperationException unreadable when Unreadable().Match(unreadable.Message) is { Success: true } match =>
            [$"{match.Groups["key"].Value} must be {Kind(match.Groups["type"].Value)}, not '{match.Groups["value"].Value}'."],
        _ => null,
    };

    /// <summary>The key of a value that does not parse, if that is what the exception says.</summary>
    internal static string? UnreadableKey(Exception exception) =>
        exception is InvalidOperationException && Unreadable().Match(exception.Message) is { Success: true } match ? match.Groups["key"].Value : null;

    /// <summary>What a rule says for people, without the framework's words around it.</summary>
    private static string Bare(string failure) => Wrapped().Match(failure) is { Success: true } match ? match.Groups["message"].Value : failure;

    private static string Kind(string type) => type switch
    {
        "System.TimeSpan" => "a duration as d.hh:mm:ss, such as 00:30:00 or 7.00:00:00",
        "System.Boolean" => "true or false",
        "System.Int32" or "System.Int64" => "a whole number",
        "System.Double" => "a number",
        _ => $"a {type.Split('.', '+')[^1]}",
    };

    /// <summary>The message of the configuration binder for a value that does not parse.</summary>
    [GeneratedRegex("^Failed to convert configuration value '(?<value>.*)' at '(?<key>[^']+)' to type '(?<type>[^']+)'", RegexOptions.Singleline)]
    private static partial Regex Unreadable();

    /// <summary>How failures of attributes are put.</summary>
    [GeneratedRegex(@"^DataAnnotation validation failed for '[^']*' members: '[^']*' with the error: '(?<message>.*)'\.$", RegexOptions.Singleline)]
    private static partial Regex Wrapped();
}
