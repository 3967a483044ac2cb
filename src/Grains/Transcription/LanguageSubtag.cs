namespace AX2Caption.Grains.Transcription;

internal static class LanguageSubtag
{
    /// <summary>The part of a BCP 47 tag that names the language itself: <c>en</c> of <c>en-US</c>.</summary>
    public static string PrimaryOf(string tag)
    {
        var dash = tag.IndexOf('-', StringComparison.Ordinal);
        return dash < 0 ? tag : tag[..dash];
    }
}
