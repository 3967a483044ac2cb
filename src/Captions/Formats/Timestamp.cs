using System.Globalization;

namespace AX2Caption.Captions;

internal static class Timestamp
{
    /// <summary>Writes <c>hh:mm:ss</c>, the mark and three digits; hours take as many digits as they need.</summary>
    public static void Write(TextWriter writer, long milliseconds, char decimalMark)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(milliseconds);
        var (seconds, fraction) = Math.DivRem(milliseconds, 1000);
        var (minutes, second) = Math.DivRem(seconds, 60);
        var (hour, minute) = Math.DivRem(minutes, 60);
        writer.Write(string.Create(CultureInfo.InvariantCulture, $"{hour:00}:{minute:00}:{second:00}{decimalMark}{fraction:000}"));
    }

    /// <summary>Writes both times of a cue, rounded to the millisecond; a cue shorter than one still ends after it starts.</summary>
    public static void WriteLine(TextWriter writer, Cue cue, char decimalMark)
    {
        var start = Milliseconds.Round(cue.Start);
        Write(writer, start, decimalMark);
        writer.Write(" --> ");
        Write(writer, Math.Max(Milliseconds.Round(cue.End), start + 1), decimalMark);
        writer.Write('\n');
    }
}
