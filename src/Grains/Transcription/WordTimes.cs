using AX2Caption.Captions;

namespace AX2Caption.Grains.Transcription;

/// <summary>Brings words whose times nobody vouches for into the order and the bounds that words keep.</summary>
internal static class WordTimes
{
    /// <summary>What a word without a length of its own gets.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// The words, in the order in which they are given, within the chunk, none overlapping, none shorter than <see cref="Shortest"/>. Words
    /// that are so already stay as they are. Null if there are more of them than the chunk has room for.
    /// </summary>
    public static IReadOnlyList<Word>? Fit(IReadOnlyList<Word> words, TimeSpan duration)
    {
        if (Shortest * words.Count > duration)
            return words.Count == 0 ? [] : null;

        var starts = new TimeSpan[words.Count];
        var earliest = TimeSpan.Zero;
        for (var i = 0; i < starts.Length; i++)
        {
            starts[i] = words[i].Start > earliest ? words[i].Start : earliest;
            earliest = starts[i] + Shortest;
        }

        var latest = duration;
        for (var i = starts.Length - 1; i >= 0; i--)
        {
            latest -= Shortest;
            starts[i] = starts[i] < latest ? starts[i] : latest;
            latest = starts[i];
        }

        return [.. words.Select((word, i) =>
        {
            var least = starts[i] + Shortest;
            var most = i + 1 < starts.Length ? starts[i + 1] : duration;
            return word with { Start = starts[i], End = word.End < least ? least : word.End > most ? most : word.End };
        })];
    }
}
