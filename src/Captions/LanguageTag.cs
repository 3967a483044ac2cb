namespace AX2Caption.Captions;

internal static class LanguageTag
{
    public static bool IsEnglish(string tag) => HasPrimary(tag, "en");

    public static bool IsKorean(string tag) => HasPrimary(tag, "ko");

    // RFC 5646: subtags are parted by hyphens and compared without case; underscores are a common slip.
    private static bool HasPrimary(string tag, string primary) =>
        tag.StartsWith(primary, StringComparison.OrdinalIgnoreCase)
        && (tag.Length == primary.Length || tag[primary.Length] is '-' or '_');
}
