using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using AX2Caption.Grains.Transcription.OpenAi;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Transcription;

/// <summary>Which speech engines there are and which language goes where. Section <c>Transcription</c>.</summary>
internal sealed class TranscriptionOptions
{
    public const string Section = "Transcription";

    /// <summary>
    /// Servers that speak <c>POST /audio/transcriptions</c>, by the name that prices, preferences and logs refer to: 1 to 32 lower-case letters,
    /// digits and hyphens. Default: none. For a language that several engines serve these come before the built-in one, in the order of
    /// their names.
    /// </summary>
    public IDictionary<string, OpenAiServerOptions> OpenAi { get; } = new Dictionary<string, OpenAiServerOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names of engines by BCP 47 primary language subtag, or by <c>auto</c>, where another than the first is wanted. Default: none.</summary>
    public IDictionary<string, string> Preference { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}

/// <summary>Names every setting of a server, and every preference, that is wrong.</summary>
internal sealed partial class TranscriptionOptionsValidator(IOptions<PocketSphinxOptions> pocketSphinx) : IValidateOptions<TranscriptionOptions>
{
    public ValidateOptionsResult Validate(string? name, TranscriptionOptions options)
    {
        var problems = options.OpenAi.SelectMany(server => Problems(server.Key, server.Value))
            .Concat(options.Preference.SelectMany(preference => Problems(preference.Key, preference.Value, options))).ToList();
        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> Problems(string name, OpenAiServerOptions server)
    {
        var key = $"{TranscriptionOptions.Section}:{nameof(TranscriptionOptions.OpenAi)}:{name}";
        if (!Name().IsMatch(name))
            yield return $"{key}: the name of an engine is 1 to 32 lower-case letters, digits and hyphens.";
        if (string.Equals(name, PocketSphinxTranscriber.Name, StringComparison.OrdinalIgnoreCase))
            yield return $"{key}: '{name}' is the built-in engine's name.";

        var results = new List<ValidationResult>();
        Validator.TryValidateObject(server, new ValidationContext(server), results, validateAllProperties: true);
        foreach (var result in results.Concat(server.Problems()))
            yield return $"{key}:{result.MemberNames.FirstOrDefault()}: {result.ErrorMessage}";
    }

    private IEnumerable<string> Problems(string language, string engine, TranscriptionOptions options)
    {
        var key = $"{TranscriptionOptions.Section}:{nameof(TranscriptionOptions.Preference)}:{language}";
        IReadOnlyList<string> served;
        var detects = false;
        if (options.OpenAi.TryGetValue(engine, out var server))
            (served, detects) = (server.Languages, server.DetectsLanguage);
        else if (string.Equals(engine, PocketSphinxTranscriber.Name, StringComparison.OrdinalIgnoreCase))
            served = pocketSphinx.Value.ServedLanguages;
        else
        {
            yield return $"{key}: there is no engine '{engine}'; there are {string.Join(", ", [.. options.OpenAi.Keys, PocketSphinxTranscriber.Name])}.";
            yield break;
        }

        if (LanguageSubtag.IsAutomatic(language) ? !detects : !served.Contains(language, StringComparer.OrdinalIgnoreCase))
            yield return $"{key}: '{engine}' does not serve it; it serves {string.Join(", ", detects ? [.. served, LanguageSubtag.Automatic] : served)}.";
    }

    [GeneratedRegex("^[a-z0-9-]{1,32}$")]
    private static partial Regex Name();
}
