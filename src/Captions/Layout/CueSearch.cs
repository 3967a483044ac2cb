namespace AX2Caption.Captions;

/// <summary>
/// The cheapest partition of the words into cues. A cue's cost depends only on its own words and on when the next one starts, so the
/// best layout of the first <c>n</c> words is found from those of fewer (dynamic programming). A cue holds at most
/// a few dozen words, whatever the transcript's length: the work grows with the number of words, not with its square.
/// </summary>
internal sealed class CueSearch
{
    private readonly WordTimeline _words;
    private readonly LayoutProfile _profile;
    private readonly TextMeasure _measure;
    private readonly LineLayout _lines;
    private readonly double[] _breakCosts;
    private readonly double[] _crossingBefore;

    public CueSearch(WordTimeline words, LayoutProfile profile, Phrasing phrasing)
    {
        _words = words;
        _profile = profile;
        _measure = new TextMeasure(words.Texts, profile);
        _breakCosts = new double[words.Count + 1];
        _crossingBefore = new double[words.Count + 1];
        for (var i = 1; i < words.Count; i++)
        {
            var pause = TimeSpan.FromMilliseconds(words.PauseBefore(i));
            var kind = BreakKinds.Between(words.Texts[i - 1], words.Texts[i], pause, phrasing);
            _breakCosts[i] = LayoutWeights.Break(kind, pause);
            _crossingBefore[i + 1] = _crossingBefore[i] + LayoutWeights.Crossing(kind, pause);
        }

        _lines = new LineLayout(_measure, _breakCosts, profile.Lines);
    }

    /// <summary>How many candidate cues have been priced.</summary>
    public long Priced { get; private set; }

    /// <summary>The first word of each cue in the cheapest layout.</summary>
    public IReadOnlyList<int> CheapestStarts()
    {
        var cheapest = new double[_words.Count + 1];
        var startOfLast = new int[_words.Count + 1];
        for (var next = 1; next <= _words.Count; next++)
        {
            cheapest[next] = double.PositiveInfinity;
            for (var first = next - 1; first >= 0; first--)
            {
                var cost = Cost(first, next);
                if (double.IsPositiveInfinity(cost))
                {
                    // What does not fit will not fit with one more word in front.
                    break;
                }

                if (cheapest[first] + cost < cheapest[next])
                {
                    (cheapest[next], startOfLast[next]) = (cheapest[first] + cost, first);
                }
            }
        }

        var starts = new List<int>();
        for (var next = _words.Count; next > 0; next = startOfLast[next])
        {
            starts.Add(startOfLast[next]);
        }

        starts.Reverse();
        return starts;
    }

    /// <summary>The cost of one cue from word <paramref name="first"/> up to <paramref name="next"/>, or infinity when a hard limit forbids it.</summary>
    public double Cost(int first, int next)
    {
        Priced++;
        if (next - first > 1 && _words.End(next - 1) - _words.Start(first) > Milliseconds.Round(_profile.MaxDuration))
        {
            return double.PositiveInfinity;
        }

        var lines = _lines.Cost(first, next);
        if (double.IsPositiveInfinity(lines))
        {
            return lines;
        }

        var duration = End(first, next) - _words.Start(first);
        return LayoutWeights.Cue
            + lines
            + (LayoutWeights.Stub * SquaredShortfall(_measure.Length(first, next), _profile.CharactersPerLine))
            + _breakCosts[next]
            + _crossingBefore[next] - _crossingBefore[first + 1]
            + (LayoutWeights.Hurry * SquaredShortfall(duration, ReadingTime(first, next)))
            + (LayoutWeights.Flash * SquaredShortfall(duration, MinDuration(first, next)));
    }

    public Cue Cue(int first, int next)
    {
        var starts = _lines.Lines(first, next);
        var lines = new string[starts.Count];
        for (var i = 0; i < lines.Length; i++)
        {
            var end = i + 1 < lines.Length ? starts[i + 1] : next;
            lines[i] = string.Join(' ', _words.Texts[starts[i]..end]);
        }

        return new Cue(TimeSpan.FromMilliseconds(_words.Start(first)), TimeSpan.FromMilliseconds(End(first, next)), lines);
    }

    private long End(int first, int next) => OutTime.Of(
        _profile,
        _words.Start(first),
        _words.End(next - 1),
        next < _words.Count ? _words.Start(next) : null,
        _words.Duration,
        MinDuration(first, next),
        ReadingTime(first, next));

    private long MinDuration(int first, int next)
    {
        var byWords = _profile.MinDurationPerWord * (next - first);
        return Milliseconds.Round(byWords > _profile.MinDuration ? byWords : _profile.MinDuration);
    }

    private long ReadingTime(int first, int next) =>
        Milliseconds.Round(_profile.ReadingSpeed.TimeFor(_measure.Length(first, next), next - first));

    private static double SquaredShortfall(double actual, double needed)
    {
        var missing = needed > actual ? (needed - actual) / needed : 0;
        return missing * missing;
    }
}
