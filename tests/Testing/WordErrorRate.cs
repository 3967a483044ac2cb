using System.Text.RegularExpressions;

namespace AX2Caption.Testing;

/// <summary>The share of words that a recognition got wrong: substitutions, deletions and insertions over the reference's words.</summary>
public static partial class WordErrorRate
{
    // Spellings of one and the same spoken word.
    private static readonly Dictionary<string, string> Spellings = new() { ["mr"] = "mister", ["mrs"] = "missus", ["dr"] = "doctor" };

    /// <summary>0 for a perfect hypothesis; more than 1 is possible where words were invented. Case and punctuation do not count.</summary>
    public static double Of(string hypothesis, string reference)
    {
        var expected = Words(reference);
        if (expected.Count == 0)
            throw new ArgumentException("The reference has no words.", nameof(reference));

        return (double)EditDistance(Words(hypothesis), expected) / expected.Count;
    }

    private static List<string> Words(string text) =>
        [.. Word().Matches(text.ToLowerInvariant().Replace('’', '\'')).Select(match => Spellings.GetValueOrDefault(match.Value, match.Value))];

    private static int EditDistance(List<string> from, List<string> to)
    {
        var distances = Enumerable.Range(0, to.Count + 1).ToArray();
        for (var i = 1; i <= from.Count; i++)
        {
            var diagonal = distances[0];
            distances[0] = i;
            for (var j = 1; j <= to.Count; j++)
            {
                var substitution = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = distances[j];
                distances[j] = Math.Min(substitution, Math.Min(distances[j], distances[j - 1]) + 1);
            }
        }

        return distances[^1];
    }

    [GeneratedRegex(@"[\p{L}\p{N}]+(?:'[\p{L}\p{N}]+)*")]
    private static partial Regex Word();
}
