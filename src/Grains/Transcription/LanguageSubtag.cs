namespace AX2Caption.Grains.Transcription;

internal static class LanguageSubtag
{
    /// <summary>What is asked for instead of a tag where the engine is to find the language out.</summary>
    public const string Automatic = "auto";

    /// <summary>The BCP 47 subtag of a language that nobody has found out.</summary>
    public const string Undetermined = "und";

    /// <summary>The part of a BCP 47 tag that names the language itself: <c>en</c> of <c>en-US</c>.</summary>
    public static string PrimaryOf(string tag)
    {
        var dash = tag.IndexOf('-', StringComparison.Ordinal);
        return dash < 0 ? tag : tag[..dash];
    }

    /// <summary>The tag as it is stored and shown: <see cref="Automatic"/> in lower case, all others as they were given.</summary>
    public static string Normalized(string tag) => IsAutomatic(tag) ? Automatic : tag;

    public static bool IsAutomatic(string language) => string.Equals(language, Automatic, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether an engine takes a language, or finds it out where that is asked for.</summary>
    public static bool IsServedBy(this string language, ITranscriber engine) => IsAutomatic(language)
        ? engine.DetectsLanguage
        : engine.Languages.Contains(PrimaryOf(language), StringComparer.OrdinalIgnoreCase);
}
