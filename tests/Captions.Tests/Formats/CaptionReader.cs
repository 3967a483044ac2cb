using System.Globalization;

namespace AX2Caption.Captions.Tests.Formats;

/// <summary>Reads back just what the writers may write, and throws on anything else.</summary>
internal static class CaptionReader
{
    public static IReadOnlyList<Cue> SubRip(string text)
    {
        var cues = new List<Cue>();
        foreach (var block in Blocks(text))
        {
            Assert.Equal((cues.Count + 1).ToString(CultureInfo.InvariantCulture), block[0]);
            cues.Add(Cue(block[1..], ',', line => line));
        }

        return cues;
    }

    public static IReadOnlyList<Cue> WebVtt(string text)
    {
        var blocks = Blocks(text);
        Assert.Equal(["WEBVTT"], blocks[0]);
        return [.. blocks.Skip(1).Where(block => !block[0].StartsWith("NOTE ", StringComparison.Ordinal)).Select(block => Cue(block, '.', Unescape))];
    }

    private static List<string[]> Blocks(string text)
    {
        Assert.DoesNotContain('\r', text);
        return [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(block => block.Split('\n'))];
    }

    private static Cue Cue(string[] block, char mark, Func<string, string> unescape)
    {
        var times = block[0].Split(" --> ");
        Assert.Equal(2, times.Length);
        Assert.All(block[1..], line => Assert.DoesNotContain("-->", line, StringComparison.Ordinal));
        return new Cue(Time(times[0], mark), Time(times[1], mark), [.. block[1..].Select(unescape)]);
    }

    private static TimeSpan Time(string text, char mark)
    {
        var parts = text.Split(':', mark);
        Assert.Equal([true, true, true, true], parts.Select((part, i) => i == 0 ? part.Length >= 2 : part.Length == (i == 3 ? 3 : 2)));
        Assert.Equal(mark, text[^4]);
        var numbers = parts.Select(part => int.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture)).ToArray();
        return new TimeSpan(0, numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    private static string Unescape(string line) => line
        .Replace("&lt;", "<", StringComparison.Ordinal)
        .Replace("&gt;", ">", StringComparison.Ordinal)
        .Replace("&amp;", "&", StringComparison.Ordinal);
}
