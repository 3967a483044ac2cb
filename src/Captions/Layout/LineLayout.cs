namespace AX2Caption.Captions;

/// <summary>Finds the cheapest way to set a cue's words on as few lines as hold them.</summary>
internal sealed class LineLayout(TextMeasure measure, double[] breakCosts, int maxLines)
{
    /// <summary>The cost of the best lines for the words, or infinity when they do not fit.</summary>
    public double Cost(int first, int next) => OnFewestLines(first, next).Cost;

    /// <summary>The first word of each line, from top to bottom, in the best layout; the words must fit.</summary>
    public IReadOnlyList<int> Lines(int first, int next)
    {
        var (cost, lines) = OnFewestLines(first, next);
        if (double.IsPositiveInfinity(cost))
        {
            throw new ArgumentException($"Words {first} to {next} do not fit into {maxLines} lines.", nameof(next));
        }

        var mean = Mean(first, next, lines);
        var starts = new int[lines];
        double? lower = null;
        for (var line = lines - 1; line >= 0; line--)
        {
            starts[line] = LastLine(first, next, line + 1, mean, lower).Start;
            lower = measure.Length(starts[line], next);
            next = starts[line];
        }

        return starts;
    }

    private (double Cost, int Lines) OnFewestLines(int first, int next)
    {
        for (var lines = 1; lines <= maxLines; lines++)
        {
            var cost = LastLine(first, next, lines, Mean(first, next, lines), lower: null).Cost;
            if (!double.IsPositiveInfinity(cost))
            {
                return (cost, lines);
            }
        }

        return (double.PositiveInfinity, maxLines);
    }

    private double Mean(int first, int next, int lines) => measure.Length(first, next) / lines;

    /// <summary>Where the last line starts in the best layout of the words on exactly so many lines above a line of length <paramref name="lower"/>.</summary>
    private (double Cost, int Start) LastLine(int first, int next, int lines, double mean, double? lower)
    {
        if (lines == 1)
        {
            return (measure.FitsOneLine(first, next) ? Shape(first, next, mean, lower) : double.PositiveInfinity, first);
        }

        var best = (Cost: double.PositiveInfinity, Start: first);
        for (var start = next - 1; start > first && measure.FitsOneLine(start, next); start--)
        {
            var cost = Shape(start, next, mean, lower)
                + (LayoutWeights.LineBreakShare * breakCosts[start])
                + LastLine(first, start, lines - 1, mean, measure.Length(start, next)).Cost;
            if (cost < best.Cost)
            {
                best = (cost, start);
            }
        }

        return best;
    }

    private double Shape(int first, int next, double mean, double? lower)
    {
        var length = measure.Length(first, next);
        var deviation = measure.ShareOfLine(length - mean);
        var excess = lower is { } below ? Math.Max(0, measure.ShareOfLine(length - below)) : 0;
        return (LayoutWeights.Imbalance * deviation * deviation) + (LayoutWeights.UpperLonger * excess);
    }
}
