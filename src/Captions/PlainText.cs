namespace AX2Caption.Captions;

internal static class PlainText
{
    /// <summary>
    /// The text as one line: controls and line separators become spaces (a cue's payload ends at a blank line in SRT and WebVTT),
    /// lone surrogates become U+FFFD (they have no UTF-8), and the ends are trimmed.
    /// </summary>
    public static string ToOneLine(string text)
    {
        var isClean = true;
        foreach (var rune in text.EnumerateRunes())
        {
            // Lone surrogates are enumerated as U+FFFD; telling them from a real one costs more than rebuilding the string.
            isClean &= !Breaks(rune.Value) && rune.Value != 0xFFFD;
        }

        if (isClean)
        {
            return text.Trim();
        }

        var line = new System.Text.StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            line.Append(Breaks(rune.Value) ? " " : rune.ToString());
        }

        return line.ToString().Trim();
    }

    private static bool Breaks(int value) => value is < 0x20 or (>= 0x7F and <= 0x9F) or 0x2028 or 0x2029;
}
