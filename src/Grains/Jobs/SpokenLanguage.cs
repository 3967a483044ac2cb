using AX2Caption.Captions;
using AX2Caption.Grains.Transcription;

namespace AX2Caption.Grains.Jobs;

/// <summary>The language of a whole job, whose chunks each found their own.</summary>
internal static class SpokenLanguage
{
    /// <summary>The one that is spoken for longest, the earlier of two that are equal; null if nothing is said in any.</summary>
    public static string? Of(IEnumerable<Transcript> chunks) => chunks
        .Where(chunk => chunk.Words.Count > 0 && chunk.Language != LanguageSubtag.Undetermined)
        .GroupBy(chunk => chunk.Language, StringComparer.OrdinalIgnoreCase)
        .MaxBy(chunksOfOne => chunksOfOne.Sum(chunk => chunk.Words.Sum(word => (word.End - word.Start).Ticks)))?
        .Key;
}
