using System.Diagnostics.CodeAnalysis;
using AX2Caption.Captions;
using AX2Caption.Grains.Transcription;

namespace AX2Caption.Grains.Jobs;

/// <summary>How a job names its layout profile: by its name, or as the default of a language that is still to be found out.</summary>
internal static class JobProfile
{
    public const string Automatic = "auto";

    public static bool IsKnown(string name) => name == Automatic || LayoutProfiles.TryGet(name, out _);

    /// <summary>The profile of jobs of a language that name none.</summary>
    public static string DefaultFor(string language) =>
        LanguageSubtag.IsAutomatic(language) ? Automatic : LayoutProfiles.DefaultFor(language).Name;

    /// <summary>The profile itself, now that the language is known.</summary>
    public static bool TryGet(string name, string language, [NotNullWhen(true)] out LayoutProfile? profile) =>
        LayoutProfiles.TryGet(name == Automatic ? LayoutProfiles.DefaultFor(language).Name : name, out profile);
}
