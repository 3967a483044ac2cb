namespace AX2Caption.Captions;

/// <summary>
/// What each flaw of a layout costs. Only the relations matter: a cue more costs as much as breaking at a phrase rather than a
/// sentence end, and being unreadable costs more than any ugly break. Hard limits (line length, lines, maximum duration) are not priced.
/// </summary>
internal static class LayoutWeights
{
    /// <summary>One cue more: few full cues read better than many short ones.</summary>
    public const double Cue = 20;

    /// <summary>A break between lines disturbs less than one between cues.</summary>
    public const double LineBreakShare = 0.3;

    /// <summary>Times the squared share of the needed reading time that is missing.</summary>
    public const double Hurry = 400;

    /// <summary>Times the squared share of the minimum duration that is missing.</summary>
    public const double Flash = 400;

    /// <summary>Times each line's squared deviation from the mean, as a share of the longest line allowed.</summary>
    public const double Imbalance = 20;

    /// <summary>Times the excess of a line over the one below it, as a share of the longest line allowed.</summary>
    public const double UpperLonger = 8;

    /// <summary>Times the squared share of one line that a shorter cue leaves empty: no single words left over from a sentence.</summary>
    public const double Stub = 12;

    private const double CrossedSentence = 10;
    private const double CrossedPause = 10;
    private const double CrossedPausePerSecond = 40;

    /// <summary>Ending a cue here.</summary>
    public static double Break(BreakKind kind, TimeSpan pause) => kind switch
    {
        BreakKind.SentenceEnd => 0,
        BreakKind.ClauseMark => 6,
        // The longer the pause, the nearer to a clause mark, but never above one.
        BreakKind.LongPause => 6.5 + (3.5 / (1 + (pause - BreakKinds.LongPause).TotalSeconds)),
        BreakKind.Phrase => 18 - (6 * Breath(pause)),
        BreakKind.Word => 30 - (10 * Breath(pause)),
        BreakKind.Bound => 60 - (20 * Breath(pause)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Not ending a cue here: a new sentence or what follows a pause is shown before it is spoken.</summary>
    public static double Crossing(BreakKind kind, TimeSpan pause) =>
        (kind == BreakKind.SentenceEnd ? CrossedSentence : 0)
        + (pause >= BreakKinds.LongPause ? CrossedPause + (CrossedPausePerSecond * (pause - BreakKinds.LongPause).TotalSeconds) : 0);

    // A pause too short to be heard as one still leans towards a boundary, without changing the order of the kinds.
    private static double Breath(TimeSpan pause) => Math.Clamp(pause / BreakKinds.LongPause, 0, 1);
}
