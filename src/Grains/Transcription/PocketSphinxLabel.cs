namespace AX2Caption.Grains.Transcription;

/// <summary>What the engine calls a segment: a word, a word with the number of its pronunciation, or a sound that is no word.</summary>
internal static class PocketSphinxLabel
{
    /// <summary>The word as it is shown: <c>and</c> for <c>and(2)</c>; null for <c>&lt;sil&gt;</c>, <c>[SPEECH]</c>, <c>++BREATH++</c>.</summary>
    public static string? ToText(string label)
    {
        if (label is "" or ['<' or '[' or '+', ..])
            return null;

        var variant = label.EndsWith(')') ? label.LastIndexOf('(') : -1;
        return variant > 0 ? label[..variant] : label;
    }
}
