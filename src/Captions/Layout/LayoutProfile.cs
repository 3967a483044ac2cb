namespace AX2Caption.Captions;

/// <summary>The numbers by which words are cut into cues. <see cref="LayoutProfiles"/> holds the published ones.</summary>
public sealed record LayoutProfile
{
    /// <summary>The name clients ask for, for example <c>netflix-en</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The longest line, in characters counted by <see cref="Weighting"/>; at least 1.</summary>
    public required int CharactersPerLine { get; init; }

    /// <summary>How characters are counted, for the line's length and for the reading speed.</summary>
    public required CharacterWeighting Weighting { get; init; }

    /// <summary>The most lines in a cue; at least 1. A cue takes as few of them as hold its text.</summary>
    public required int Lines { get; init; }

    /// <summary>The fastest reading a viewer may be asked for; exceeded only where the speech itself leaves no time.</summary>
    public required ReadingSpeed ReadingSpeed { get; init; }

    /// <summary>The shortest time on screen; missed only where the next cue comes sooner or <see cref="Linger"/> does not reach.</summary>
    public required TimeSpan MinDuration { get; init; }

    /// <summary>The shortest time on screen for each word of the cue, where the source counts so; zero by default.</summary>
    public TimeSpan MinDurationPerWord { get; init; }

    /// <summary>The longest time on screen; never exceeded, even by a single word that is spoken for longer.</summary>
    public required TimeSpan MaxDuration { get; init; }

    /// <summary>The least time between two cues; it shrinks only where it would take more than half of a cue's time.</summary>
    public required TimeSpan Gap { get; init; }

    /// <summary>A pause shorter than this between two cues is closed to <see cref="Gap"/>, so that the screen does not flicker; zero leaves all.</summary>
    public required TimeSpan CloseGapsBelow { get; init; }

    /// <summary>How far the out-time may follow the end of the speech to reach the minimum duration and the reading speed; 500 ms by default.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The length of a text as this profile counts it.</summary>
    public double CountCharacters(string text) => Weighting.Count(text);
}
