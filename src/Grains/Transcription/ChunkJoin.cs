using AX2Caption.Captions;

namespace AX2Caption.Grains.Transcription;

/// <summary>
/// Puts the words of chunks together. Where speech had to be cut, both chunks heard the same stretch, and each knows least at its own end: the words
/// change over from one chunk to the other at a word that both heard, or in the middle if there is none.
/// </summary>
internal static class ChunkJoin
{
    /// <summary>How far apart two engines' times for one and the same word may be.</summary>
    private static readonly TimeSpan SameTime = TimeSpan.FromSeconds(0.5);

    /// <summary>Times that differ cost so much more than the way to the middle: of two equal words near each other, each is itself.</summary>
    private const int DifferenceWeight = 20;

    /// <summary>All words in order, none overlapping. Words outside of the stretches that were heard twice are all there, as they were.</summary>
    /// <param name="chunks">In order; the audio of each ends after that of the one before it.</param>
    public static IReadOnlyList<Word> Join(IReadOnlyList<ChunkWords> chunks)
    {
        var joined = new List<Word>();
        var reached = TimeSpan.Zero;
        foreach (var chunk in chunks)
        {
            var first = chunk.Start < reached ? ChangeOver(joined, chunk.Words, chunk.Start, reached) : 0;
            Append(joined, chunk.Words.Skip(first));
            reached = chunk.End;
        }

        return joined;
    }

    /// <summary>Takes from the earlier words what the later chunk knows better.</summary>
    /// <returns>The first of the later words that counts.</returns>
    private static int ChangeOver(List<Word> earlier, IReadOnlyList<Word> later, TimeSpan from, TimeSpan to)
    {
        var middle = (from + to) / 2;
        (int Earlier, int Later)? best = null;
        var bestCost = TimeSpan.MaxValue;
        for (var e = earlier.Count - 1; e >= 0 && earlier[e].End > from; e--)
        {
            for (var l = 0; l < later.Count && later[l].Start < to; l++)
            {
                var difference = (Middle(earlier[e]) - Middle(later[l])).Duration();
                if (difference > SameTime || !AreTheSame(earlier[e], later[l]))
                    continue;

                var cost = (((Middle(earlier[e]) + Middle(later[l])) / 2) - middle).Duration() + (difference * DifferenceWeight);
                if (cost < bestCost)
                    (best, bestCost) = ((e, l), cost);
            }
        }

        if (best is { } shared)
        {
            earlier.RemoveRange(shared.Earlier + 1, earlier.Count - shared.Earlier - 1);
            return shared.Later + 1;
        }

        var left = earlier.FindIndex(word => word.End > from && Middle(word) > middle);
        if (left >= 0)
            earlier.RemoveRange(left, earlier.Count - left);
        var first = 0;
        while (first < later.Count && Middle(later[first]) <= middle)
            first++;
        return first;
    }

    /// <summary>Where the two chunks' times disagree at the seam, words give way to the one before them.</summary>
    private static void Append(List<Word> joined, IEnumerable<Word> words)
    {
        foreach (var word in words)
        {
            if (joined is [.., var last] && word.Start < last.End)
            {
                var least = last.Start + WordTimes.Shortest;
                joined[^1] = last = last with { End = word.Start > least ? word.Start : least < last.End ? least : last.End };
                var start = word.Start > last.End ? word.Start : last.End;
                joined.Add(word with { Start = start, End = word.End > start ? word.End : start + WordTimes.Shortest });
            }
            else
            {
                joined.Add(word);
            }
        }
    }

    private static bool AreTheSame(Word one, Word other) => string.Equals(Bare(one.Text), Bare(other.Text), StringComparison.OrdinalIgnoreCase);

    /// <summary>What is spoken of a word: punctuation depends on what an engine heard around it.</summary>
    private static string Bare(string text) => text.All(char.IsLetterOrDigit) ? text : string.Concat(text.Where(char.IsLetterOrDigit)) is { Length: > 0 } bare ? bare : text;

    private static TimeSpan Middle(Word word) => (word.Start + word.End) / 2;
}
