using AX2Caption.Captions;

namespace AX2Caption.Grains.Transcription.OpenAi;

/// <summary>
/// Servers give words bare and the text beside them with its punctuation, which readers and line breaks live on: words get it back where
/// the text has them.
/// </summary>
internal static class Punctuation
{
    // How far the text is searched for the next word: the two differ by a word here and there.
    private const int Reach = 5;

    /// <summary>The same words at the same times; those that the text has too are written as there.</summary>
    public static List<Word> Restore(IReadOnlyList<Word> words, string text)
    {
        var written = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var spoken = Array.ConvertAll(written, Bare);
        var next = 0;
        var restored = new List<Word>(words.Count);
        foreach (var word in words)
        {
            var bare = Bare(word.Text);
            var found = bare.Length == 0 ? -1 : Array.IndexOf(spoken, bare, next, Math.Min(Reach, spoken.Length - next));
            restored.Add(found < 0 ? word : word with { Text = written[found] });
            if (found >= 0)
                next = found + 1;
        }

        return restored;
    }

    private static string Bare(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
