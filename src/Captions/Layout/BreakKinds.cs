namespace AX2Caption.Captions;

internal static class BreakKinds
{
    /// <summary>From here on a pause is heard as one. Recognisers often give no punctuation; then pauses carry the phrasing.</summary>
    public static readonly TimeSpan LongPause = TimeSpan.FromMilliseconds(300);

    private static readonly char[] Closers = ['"', '\'', '”', '’', '»', ')', ']', '」', '』'];

    public static BreakKind Between(string previous, string next, TimeSpan pause, Phrasing phrasing)
    {
        var closed = previous.TrimEnd(Closers);
        var bare = Bare(previous);
        var mark = closed.Length == 0 ? '\0' : closed[^1];
        if (mark is '?' or '!' or '…' or '。' or '？' or '！' || (mark == '.' && !phrasing.IsAbbreviation(bare)))
        {
            return BreakKind.SentenceEnd;
        }

        if (mark is ',' or ';' or ':' or '—' or '–' or '、' or '，')
        {
            return BreakKind.ClauseMark;
        }

        if (pause >= LongPause)
        {
            return BreakKind.LongPause;
        }

        var bareNext = Bare(next);
        return phrasing.Binds(bare, bareNext) ? BreakKind.Bound
            : phrasing.BeginsPhrase(bare, bareNext) ? BreakKind.Phrase
            : BreakKind.Word;
    }

    private static string Bare(string word)
    {
        var span = word.AsSpan();
        while (span.Length > 0 && char.IsPunctuation(span[0]))
        {
            span = span[1..];
        }

        while (span.Length > 0 && char.IsPunctuation(span[^1]))
        {
            span = span[..^1];
        }

        return span.Length == word.Length ? word : span.ToString();
    }
}
