using System.Globalization;

namespace AX2Caption.Captions;

/// <summary>SubRip (<c>.srt</c>): numbered cues, comma before the milliseconds, line feeds, no markup.</summary>
public static class SubRip
{
    /// <summary>
    /// Writes the track. The format has no escapes: an arrow <c>--&gt;</c> in the text, which a reader could take for a cue's times,
    /// becomes <c>→</c>; all else stands as it is.
    /// </summary>
    public static void Write(CaptionTrack track, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(track);
        ArgumentNullException.ThrowIfNull(writer);

        var number = 0;
        foreach (var cue in track.Cues)
        {
            var lines = Payload.Lines(cue);
            if (lines.Count == 0)
            {
                continue;
            }

            number++;
            writer.Write(number.ToString(CultureInfo.InvariantCulture));
            writer.Write('\n');
            Timestamp.WriteLine(writer, cue, ',');
            foreach (var line in lines)
            {
                writer.Write(line.Replace("-->", "→", StringComparison.Ordinal));
                writer.Write('\n');
            }

            writer.Write('\n');
        }
    }
}
