namespace AX2Caption.Captions;

/// <summary>WebVTT (<c>.vtt</c>, W3C): a signature, full stop before the milliseconds, line feeds, escaped text.</summary>
public static class WebVtt
{
    /// <summary>Writes the track; its language goes into a comment block, since the format's syntax has no header field for it.</summary>
    public static void Write(CaptionTrack track, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(track);
        ArgumentNullException.ThrowIfNull(writer);

        writer.Write("WEBVTT\n\n");
        WriteLanguage(track.Language, writer);
        foreach (var cue in track.Cues)
        {
            var lines = Payload.Lines(cue);
            if (lines.Count == 0)
            {
                continue;
            }

            Timestamp.WriteLine(writer, cue, '.');
            foreach (var line in lines)
            {
                writer.Write(Escape(line));
                writer.Write('\n');
            }

            writer.Write('\n');
        }
    }

    private static void WriteLanguage(string language, TextWriter writer)
    {
        // Only what a BCP 47 tag can hold: anything else could end the comment.
        if (language.Length > 0 && language.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && !language.Contains("--", StringComparison.Ordinal))
        {
            writer.Write($"NOTE language: {language}\n\n");
        }
    }

    // The ampersand first, or it would escape the escapes. Without ">" no "-->" is left either.
    private static string Escape(string line) => line
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);
}
