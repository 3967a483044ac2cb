using System.Diagnostics.CodeAnalysis;

namespace AX2Caption.Grains.Transcription;

/// <summary>Finds the engine for a language: the one that is preferred for it, or else the first that serves it.</summary>
internal sealed class Transcribers
{
    private readonly Dictionary<string, ITranscriber> byLanguage = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="engines">In the order in which they are asked. One without languages is turned off.</param>
    /// <param name="preference">Names of engines by primary language subtag or <see cref="LanguageSubtag.Automatic"/>; each serves it.</param>
    public Transcribers(IEnumerable<ITranscriber> engines, IEnumerable<KeyValuePair<string, string>> preference)
    {
        All = [.. engines.Where(engine => engine.Languages.Count > 0)];
        foreach (var (language, name) in preference)
            byLanguage[language.ToLowerInvariant()] = All.First(engine => string.Equals(engine.Engine, name, StringComparison.OrdinalIgnoreCase));
        foreach (var engine in All)
        {
            foreach (var language in engine.Languages)
                byLanguage.TryAdd(language, engine);
            if (engine.DetectsLanguage)
                byLanguage.TryAdd(LanguageSubtag.Automatic, engine);
        }

        Languages = [.. byLanguage.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>Every engine that is on.</summary>
    public IReadOnlyList<ITranscriber> All { get; }

    /// <summary>The primary language subtags that are served, sorted; <see cref="LanguageSubtag.Automatic"/> among them if an engine finds languages out.</summary>
    public IReadOnlyList<string> Languages { get; }

    /// <summary>The engine for a BCP 47 tag; its primary subtag decides, so <c>en-US</c> is served by <c>en</c>.</summary>
    public bool TryFor(string language, [NotNullWhen(true)] out ITranscriber? transcriber)
    {
        var subtag = LanguageSubtag.PrimaryOf(language);
        transcriber = null;
        // "auto" is no language that could have regions.
        return LanguageSubtag.IsAutomatic(subtag) == LanguageSubtag.IsAutomatic(language) && byLanguage.TryGetValue(subtag, out transcriber);
    }

    /// <summary>The engine of this name, if it is here and takes the language, whichever is preferred for it.</summary>
    public bool TryNamed(string name, string language, [NotNullWhen(true)] out ITranscriber? transcriber)
    {
        transcriber = All.FirstOrDefault(engine => string.Equals(engine.Engine, name, StringComparison.OrdinalIgnoreCase) && language.IsServedBy(engine));
        return transcriber is not null;
    }
}
