using System.Diagnostics.CodeAnalysis;

namespace AX2Caption.Grains.Transcription;

/// <summary>Finds the engine for a language. Where several serve one, the one registered first has it.</summary>
internal sealed class Transcribers
{
    private readonly Dictionary<string, ITranscriber> byLanguage = new(StringComparer.OrdinalIgnoreCase);

    public Transcribers(IEnumerable<ITranscriber> engines)
    {
        All = [.. engines];
        foreach (var engine in All)
            foreach (var language in engine.Languages)
                byLanguage.TryAdd(language, engine);
        Languages = [.. byLanguage.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>Every engine, in the order of registration.</summary>
    public IReadOnlyList<ITranscriber> All { get; }

    /// <summary>The primary language subtags that are served, sorted.</summary>
    public IReadOnlyList<string> Languages { get; }

    /// <summary>The engine for a BCP 47 tag; its primary subtag decides, so <c>en-US</c> is served by <c>en</c>.</summary>
    public bool TryFor(string language, [NotNullWhen(true)] out ITranscriber? transcriber) =>
        byLanguage.TryGetValue(LanguageSubtag.PrimaryOf(language), out transcriber);
}
