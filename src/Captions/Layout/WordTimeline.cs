namespace AX2Caption.Captions;

/// <summary>
/// A transcript's words on whole milliseconds inside the media: each starts at least 1 ms after the one before it and ends
/// no later than the next one starts. Any cut between words therefore gives cues of positive length that do not overlap.
/// </summary>
internal sealed class WordTimeline
{
    private readonly long[] _starts;
    private readonly long[] _ends;

    /// <exception cref="ArgumentException">The media is too short to give every word a millisecond.</exception>
    public WordTimeline(IReadOnlyList<Word> words, TimeSpan mediaDuration)
    {
        var shown = words.Select(word => (Text: PlainText.ToOneLine(word.Text), word.Start, word.End)).Where(word => word.Text.Length > 0).ToArray();
        Texts = [.. shown.Select(word => word.Text)];
        Duration = Math.Max(0, mediaDuration.Ticks / TimeSpan.TicksPerMillisecond);
        if (Duration < Texts.Length)
        {
            throw new ArgumentException($"A media of {Duration} ms cannot show {Texts.Length} words.", nameof(mediaDuration));
        }

        _starts = new long[Texts.Length];
        _ends = new long[Texts.Length];
        var free = 0L;
        for (var i = 0; i < Texts.Length; i++)
        {
            var roomForTheRest = Duration - (Texts.Length - i);
            _starts[i] = Math.Min(Math.Max(Milliseconds.Round(shown[i].Start), free), roomForTheRest);
            free = _starts[i] + 1;
        }

        for (var i = 0; i < Texts.Length; i++)
        {
            _ends[i] = Math.Clamp(Milliseconds.Round(shown[i].End), _starts[i] + 1, StartOrEnd(i + 1));
        }
    }

    public string[] Texts { get; }

    public int Count => Texts.Length;

    /// <summary>The media's length in whole milliseconds, rounded down so that nothing lies past its end.</summary>
    public long Duration { get; }

    public long Start(int word) => _starts[word];

    public long End(int word) => _ends[word];

    /// <summary>When the word starts; for the one after the last, the end of the media.</summary>
    public long StartOrEnd(int word) => word < Count ? _starts[word] : Duration;

    public long PauseBefore(int word) => _starts[word] - _ends[word - 1];
}
