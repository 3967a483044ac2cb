namespace AX2Caption.Captions;

/// <summary>When a cue leaves the screen, in whole milliseconds.</summary>
internal static class OutTime
{
    /// <summary>
    /// The maximum duration and the next cue are hard limits. Within them, and within the profile's linger: the minimum duration
    /// first, then no gap so short that it flickers, then the reading speed.
    /// </summary>
    public static long Of(LayoutProfile profile, long start, long speechEnd, long? nextStart, long mediaEnd, long minDuration, long readingTime)
    {
        var longest = start + Milliseconds.Round(profile.MaxDuration);
        var latest = Math.Min(longest, nextStart is { } next ? BeforeNext(profile, start, next) : mediaEnd);
        if (nextStart - speechEnd < Milliseconds.Round(profile.CloseGapsBelow) || speechEnd >= latest)
        {
            return latest;
        }

        var reachable = Math.Min(speechEnd + Milliseconds.Round(profile.Linger), latest);
        var shortest = Math.Clamp(start + minDuration, speechEnd, reachable);
        var readable = Math.Clamp(start + readingTime, shortest, reachable);
        var latestWithoutFlicker = nextStart - Milliseconds.Round(profile.CloseGapsBelow) ?? mediaEnd;
        return readable <= latestWithoutFlicker ? readable
            : reachable == latest ? latest
            : Math.Max(shortest, latestWithoutFlicker);
    }

    private static long BeforeNext(LayoutProfile profile, long start, long next) =>
        next - Math.Min(Milliseconds.Round(profile.Gap), (next - start) / 2);
}
