using System.Diagnostics.CodeAnalysis;

namespace AX2Caption.Captions;

/// <summary>The layout profiles the service offers, with the source of their numbers.</summary>
public static class LayoutProfiles
{
    // Frame counts become times at 24 frames a second, the slowest rate in use and so the longest gap.
    private static readonly TimeSpan TwoFrames = TimeSpan.FromMilliseconds(83);
    private static readonly TimeSpan TwelveFrames = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// English: 42 characters a line, 2 lines, 20 characters a second (adult programmes), 833 ms (5/6 s) to 7 s on screen,
    /// 2 frames between cues, gaps of 3 to 11 frames closed to 2.
    /// Source: Netflix Timed Text Style Guide, General Requirements, Timing Guidelines and English (USA).
    /// </summary>
    public static LayoutProfile NetflixEnglish { get; } = new()
    {
        Name = "netflix-en",
        CharactersPerLine = 42,
        Weighting = CharacterWeighting.Even,
        Lines = 2,
        ReadingSpeed = ReadingSpeed.CharactersPerSecond(20),
        MinDuration = TimeSpan.FromMilliseconds(833),
        MaxDuration = TimeSpan.FromSeconds(7),
        Gap = TwoFrames,
        CloseGapsBelow = TwelveFrames,
    };

    /// <summary>
    /// Korean: 16 characters a line and 12 characters a second (adult programmes), where Hangul counts 1 and Latin letters, digits,
    /// spaces and punctuation 0.5; the rest as <see cref="NetflixEnglish"/>.
    /// Source: Netflix Timed Text Style Guide, General Requirements, Timing Guidelines and Korean.
    /// </summary>
    public static LayoutProfile NetflixKorean { get; } = NetflixEnglish with
    {
        Name = "netflix-ko",
        CharactersPerLine = 16,
        Weighting = CharacterWeighting.Korean,
        ReadingSpeed = ReadingSpeed.CharactersPerSecond(12),
    };

    /// <summary>
    /// Broadcast: 37 characters a line, 2 lines, 180 words a minute (the upper end of 160 to 180), at least 0.3 s a word on screen,
    /// no gap between cues or one of at least 1 s. Source: BBC Subtitle Guidelines, sections 3 to 5.
    /// They name no longest duration; 7 s is taken from the Netflix guide.
    /// </summary>
    public static LayoutProfile Bbc { get; } = new()
    {
        Name = "bbc",
        CharactersPerLine = 37,
        Weighting = CharacterWeighting.Even,
        Lines = 2,
        ReadingSpeed = ReadingSpeed.WordsPerMinute(180),
        MinDuration = TimeSpan.Zero,
        MinDurationPerWord = TimeSpan.FromMilliseconds(300),
        MaxDuration = TimeSpan.FromSeconds(7),
        Gap = TimeSpan.Zero,
        CloseGapsBelow = TimeSpan.FromSeconds(1),
    };

    /// <summary>
    /// Short vertical video: 24 characters a line, 2 lines, 25 characters a second, 700 ms to 5 s on screen, cues may touch.
    /// A house profile without a published source; gaps under 500 ms are closed as in <see cref="NetflixEnglish"/>.
    /// </summary>
    public static LayoutProfile Shorts { get; } = new()
    {
        Name = "shorts",
        CharactersPerLine = 24,
        Weighting = CharacterWeighting.Even,
        Lines = 2,
        ReadingSpeed = ReadingSpeed.CharactersPerSecond(25),
        MinDuration = TimeSpan.FromMilliseconds(700),
        MaxDuration = TimeSpan.FromSeconds(5),
        Gap = TimeSpan.Zero,
        CloseGapsBelow = TwelveFrames,
    };

    /// <summary>Every profile, in the order to list them.</summary>
    public static IReadOnlyList<LayoutProfile> All { get; } = [NetflixEnglish, NetflixKorean, Bbc, Shorts];

    /// <summary>Finds a profile by its exact name.</summary>
    public static bool TryGet(string? name, [NotNullWhen(true)] out LayoutProfile? profile)
    {
        profile = All.FirstOrDefault(candidate => candidate.Name == name);
        return profile is not null;
    }

    /// <summary>The profile for a language when none is asked for.</summary>
    /// <param name="language">BCP 47 tag; only its primary subtag counts.</param>
    public static LayoutProfile DefaultFor(string language) => LanguageTag.IsKorean(language) ? NetflixKorean : NetflixEnglish;
}
