namespace AX2Caption.Grains.Transcription.OpenAi;

/// <summary>
/// Finds the segment that is spoken at a moment. Nothing keeps a server from sending very many, one over the other: a look takes the logarithm of
/// their number all the same.
/// </summary>
internal sealed class SegmentTimeline
{
    private readonly double[] starts;

    /// <summary>Of the segments that have begun by each of <see cref="starts"/>, the one that ends last: if any goes on, it does.</summary>
    private readonly VerboseTranscription.Segment[] lastToEnd;

    public SegmentTimeline(IEnumerable<VerboseTranscription.Segment> segments)
    {
        lastToEnd = [.. segments.OrderBy(segment => segment.Start)];
        starts = [.. lastToEnd.Select(segment => segment.Start)];
        for (var i = 1; i < lastToEnd.Length; i++)
        {
            if (lastToEnd[i - 1].End >= lastToEnd[i].End)
                lastToEnd[i] = lastToEnd[i - 1];
        }
    }

    /// <summary>The segment at a time in seconds; of several the one that ends last; null if there is none.</summary>
    public VerboseTranscription.Segment? At(double second)
    {
        var (begun, beyond) = (0, starts.Length);
        while (begun < beyond)
        {
            var middle = (begun + beyond) / 2;
            if (starts[middle] <= second)
                begun = middle + 1;
            else
                beyond = middle;
        }

        return begun > 0 && lastToEnd[begun - 1].End >= second ? lastToEnd[begun - 1] : null;
    }
}
