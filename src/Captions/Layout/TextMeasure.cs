namespace AX2Caption.Captions;

/// <summary>The length of any run of words set on one line, in constant time.</summary>
internal sealed class TextMeasure
{
    private readonly double[] _before;
    private readonly double _space;
    private readonly double _longest;

    public TextMeasure(IReadOnlyList<string> texts, LayoutProfile profile)
    {
        _space = profile.Weighting.Space;
        _longest = profile.CharactersPerLine;
        _before = new double[texts.Count + 1];
        for (var i = 0; i < texts.Count; i++)
        {
            _before[i + 1] = _before[i] + profile.Weighting.Count(texts[i]);
        }
    }

    public double Length(int first, int next) => _before[next] - _before[first] + (_space * (next - first - 1));

    /// <summary>A word longer than a line is never cut: it takes a line alone.</summary>
    public bool FitsOneLine(int first, int next) => next - first == 1 || Length(first, next) <= _longest;

    public double ShareOfLine(double length) => length / _longest;
}
