namespace AX2Caption.Captions.Tests;

/// <summary>Builds transcripts: each word lasts <c>wordMs</c>, and <c>|</c> and a number stand for a pause of so many milliseconds.</summary>
internal static class Speech
{
    public static Transcript Of(string text, int wordMs = 300, string language = "en")
    {
        var words = new List<Word>();
        var now = 0;
        foreach (var token in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (token[0] == '|')
            {
                now += int.Parse(token.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
                continue;
            }

            words.Add(new Word(token, Ms(now), Ms(now + wordMs), 1));
            now += wordMs;
        }

        return new Transcript(language, words);
    }

    public static TimeSpan Ms(double milliseconds) => TimeSpan.FromTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond));
}
