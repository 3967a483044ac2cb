using System.Globalization;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Media;

/// <summary>Decides whether a file can be captioned, and measures how long its audio is.</summary>
internal sealed class MediaProbe(MediaSandbox sandbox, IOptions<MediaOptions> options)
{
    private readonly MediaOptions options = options.Value;

    /// <summary>Reads the headers, then every packet of the audio stream: what a header says of duration is only a claim.</summary>
    /// <exception cref="TimeoutException">The wall-clock limit was hit, which may be this machine's fault and not the file's.</exception>
    public async Task<MediaProbeResult> Probe(string path, CancellationToken cancellationToken)
    {
        var headers = await sandbox.Run(MediaTool.Ffprobe,
            [.. UntrustedInput.Arguments(options.MaxPixels), "-show_entries", FfprobeReport.Entries, "-of", "json"],
            path, outputFolder: null, cancellationToken);
        if (headers.HitLimit || headers.Output.Truncated)
            return TooComplex("Reading its headers takes more than one file may take.");
        if (headers.Errors.Text.Contains("exceeds specified max pixel count", StringComparison.Ordinal))
            return TooLarge();
        if (!headers.Succeeded)
            return NamesADemuxer(headers.Errors.Text)
                ? Unreadable("The file is damaged or incomplete.")
                : new MediaProbeResult.Rejected(MediaRejection.NotMedia, "The file is not audio or video of an accepted format.");

        return FfprobeReport.Parse(headers.Output.Text) is { Format.FormatName: { } format, Streams: { } streams }
            ? await Judge(path, format, streams, cancellationToken)
            : Unreadable("The file is damaged or incomplete.");
    }

    private async Task<MediaProbeResult> Judge(
        string path, string format, IReadOnlyList<FfprobeReport.StreamEntry> entries, CancellationToken cancellationToken)
    {
        if (entries.Count > options.MaxStreams)
            return TooComplex($"It has {entries.Count} streams; at most {options.MaxStreams} are accepted.");

        var streams = entries.Select(entry => entry.ToMediaStream()).ToList();
        if (streams.Any(stream => (long)(stream.Width ?? 0) * (stream.Height ?? 0) > options.MaxPixels))
            return TooLarge();

        var audio = streams.Where(stream => stream.Kind == StreamKind.Audio).ToList();
        if (audio.Count == 0)
            return new MediaProbeResult.Rejected(MediaRejection.NoAudio, "The file has no audio stream.");

        var chosen = audio.Find(stream => entries.Any(entry => entry.Index == stream.Index && entry.IsDefault)) ?? audio[0];
        return chosen.Codec == "unknown"
            ? Unreadable("The codec of its audio is not known.")
            : await Measure(path, new MediaInfo(TimeSpan.Zero, format, streams, chosen.Index), cancellationToken);
    }

    private async Task<MediaProbeResult> Measure(string path, MediaInfo info, CancellationToken cancellationToken)
    {
        // A little past the limit, so that audio which is exactly as long as allowed still shows as such.
        var stopAfter = options.MaxDuration + TimeSpan.FromSeconds(1);
        var packets = await sandbox.Run(MediaTool.Ffmpeg,
            [
                "-nostdin", "-nostats", "-stats_period", "60", "-progress", "pipe:1", .. UntrustedInput.Arguments(options.MaxPixels),
                "-map", string.Create(CultureInfo.InvariantCulture, $"0:{info.AudioStreamIndex}"),
                "-c", "copy", "-t", stopAfter.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture), "-f", "null", "-",
            ],
            path, outputFolder: null, cancellationToken);

        if (packets.HitLimit)
            return TooComplex("Reading its audio takes more than one file may take.");
        if (!packets.Succeeded || LastPosition(packets.Output.Text) is not { } duration || duration <= TimeSpan.Zero)
            return Unreadable("Its audio cannot be read.");
        return duration > options.MaxDuration
            ? new MediaProbeResult.Rejected(MediaRejection.MediaTooLong, $"Its audio is longer than {options.MaxDuration}.")
            : new MediaProbeResult.Playable(info with { Duration = duration });
    }

    private static TimeSpan? LastPosition(string progress)
    {
        const string Key = "out_time_us=";
        var last = progress.Split('\n').LastOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal));
        return long.TryParse(last.AsSpan(last is null ? 0 : Key.Length), NumberStyles.Integer, CultureInfo.InvariantCulture, out var microseconds)
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
    }

    // ffmpeg's components sign their complaints "[name @ address]": one that speaks was chosen for the file by its content.
    // What is refused before that speaks unsigned, or as the format whitelist.
    private static bool NamesADemuxer(string errors) =>
        errors.StartsWith('[') && !errors.Contains("whitelist", StringComparison.OrdinalIgnoreCase);

    private MediaProbeResult TooLarge() => TooComplex($"Its picture has more than {options.MaxPixels} pixels.");

    private static MediaProbeResult Unreadable(string detail) => new MediaProbeResult.Rejected(MediaRejection.MediaUnreadable, detail);

    private static MediaProbeResult TooComplex(string detail) => new MediaProbeResult.Rejected(MediaRejection.MediaTooComplex, detail);
}
