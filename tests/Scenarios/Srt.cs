using System.Globalization;

namespace AX2Caption.Scenarios;

/// <summary>Reads the SRT that the service writes.</summary>
internal static class Srt
{
    public static List<SrtCue> Parse(string text) =>
        [.. text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(block => block.Trim().Split('\n')).Select(
            lines => new SrtCue(
                int.Parse(lines[0], CultureInfo.InvariantCulture), Time(lines[1][..12]), Time(lines[1][^12..]), string.Join(' ', lines[2..])))];

    private static TimeSpan Time(string mark) => TimeSpan.ParseExact(mark, @"hh\:mm\:ss\,fff", CultureInfo.InvariantCulture);
}

internal sealed record SrtCue(int Number, TimeSpan Start, TimeSpan End, string Text);
