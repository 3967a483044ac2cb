namespace AX2Caption.Captions;

/// <summary>How fast a viewer is expected to read, in the unit the profile's source uses.</summary>
public sealed record ReadingSpeed
{
    private readonly TimeSpan _perCharacter;
    private readonly TimeSpan _perWord;

    private ReadingSpeed(TimeSpan perCharacter, TimeSpan perWord) => (_perCharacter, _perWord) = (perCharacter, perWord);

    /// <summary>A speed in characters a second, counted by the profile's weighting, spaces included.</summary>
    public static ReadingSpeed CharactersPerSecond(double characters) => new(TimeSpan.FromSeconds(1 / characters), TimeSpan.Zero);

    /// <summary>A speed in words a minute, whatever their length.</summary>
    public static ReadingSpeed WordsPerMinute(double words) => new(TimeSpan.Zero, TimeSpan.FromMinutes(1 / words));

    /// <summary>How long a text of this size has to stay on screen.</summary>
    public TimeSpan TimeFor(double characters, int words) => (_perCharacter * characters) + (_perWord * words);
}
