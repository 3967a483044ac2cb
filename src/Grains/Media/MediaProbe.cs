using System.Globalization;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Media;

/// <summary>Decides whether a file can be captioned, and measures how long its audio is.</summary>
internal sealed class MediaProbe(MediaSandbox sandbox, IOptions<MediaOptions> options)
{
    private readonly MediaOptions options = options.Value;

    /// <summary>Reads the headers, then every packet of the audio streams: what a header says of duration is only a claim.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maximumDuration">The longest audio that its owner's plan allows, if that is less than <see cref="MediaOptions.MaxDuration"/>.</param>
    /// <param name="cancellationToken">Kills the tools.</param>
    /// <exception cref="TimeoutException">The wall-clock limit was hit, which may be this machine's fault and not the file's.</exception>
    public async Task<MediaProbeResult> Probe(string path, TimeSpan? maximumDuration, CancellationToken cancellationToken)
    {
        var headers = await sandbox.Run(MediaTool.Ffprobe,
            [.. UntrustedInput.ForFfprobe(options), "-show_entries", FfprobeReport.Entries, "-of", "json"],
            path, outputFolder: null, cancellationToken);
        if (headers.HitLimit || headers.Output.Truncated)
            return TooComplex("Reading its headers takes more than one file may take.");
        if (headers.Errors.Text.Contains("exceeds specified max pixel count", StringComparison.Ordinal))
            return TooLarge();
        if (!headers.Succeeded)
            return NamesADemuxer(headers.Errors.Text)
                ? Unreadable("The file is damaged or incomplete.")
                : Rejected(MediaRejection.NotMedia, "The file is not audio or video of an accepted format.");

        return FfprobeReport.Parse(headers.Output.Text) is { Format.FormatName: { } format, Streams: { } streams }
            ? await Judge(path, format, streams, Least(options.MaxDuration, maximumDuration), cancellationToken)
            : Unreadable("The file is damaged or incomplete.");
    }

    private async Task<MediaProbeResult> Judge(
        string path, string format, IReadOnlyList<FfprobeReport.StreamEntry> entries, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (entries.Count > options.MaxStreams)
            return TooComplex($"It has {entries.Count} streams; at most {options.MaxStreams} are accepted.");

        var streams = entries.Select(entry => entry.ToMediaStream()).ToList();
        if (streams.Any(stream => (long)(stream.Width ?? 0) * (stream.Height ?? 0) > options.MaxPixels))
            return TooLarge();

        var audio = entries.OrderByDescending(entry => entry.IsDefault).Select(entry => entry.ToMediaStream())
            .Where(stream => stream.Kind == StreamKind.Audio).Take(options.MaxAudioStreams).ToList();
        if (audio.Count == 0)
            return Rejected(MediaRejection.NoAudio, "The file has no audio stream.");

        return await MeasureEach(path, new MediaInfo(TimeSpan.Zero, format, streams, audio[0].Index), audio, limit, cancellationToken);
    }

    /// <summary>A stream that cannot be captioned does not spoil those that can; if none can, the reason is that of the first.</summary>
    private async Task<MediaProbeResult> MeasureEach(
        string path, MediaInfo info, IReadOnlyList<MediaStream> audio, TimeSpan limit, CancellationToken cancellationToken)
    {
        var durations = new Dictionary<int, TimeSpan>();
        MediaProbeResult.Rejected? reason = null;
        foreach (var stream in audio)
        {
            var measurement = await Measure(path, stream, limit, cancellationToken);
            if (measurement is Measurement.Taken { Duration: var taken })
                durations.Add(stream.Index, taken);
            else if (measurement is Measurement.Refused refused)
                reason ??= refused.Reason;

            // To find the next stream the worker would read as much in vain.
            if (measurement is Measurement.Refused { Reason.Code: MediaRejection.MediaTooComplex })
                break;
        }

        if (durations.Count == 0)
            return reason!;

        var chosen = audio.First(stream => durations.ContainsKey(stream.Index)).Index;
        return new MediaProbeResult.Playable(info with
        {
            Duration = durations[chosen],
            AudioStreamIndex = chosen,
            Streams = [.. info.Streams.Select(stream => durations.TryGetValue(stream.Index, out var duration) ? stream with { Duration = duration } : stream)],
        });
    }

    private async Task<Measurement> Measure(string path, MediaStream stream, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (stream.Codec == "unknown")
            return new Measurement.Refused(Unreadable("The codec of its audio is not known."));
        if (!CodecNames.Contains(options.AudioCodecs, stream.Codec))
            return new Measurement.Refused(Rejected(MediaRejection.CodecNotSupported, $"Audio of the codec '{stream.Codec}' is not accepted."));

        // A little past the limit, so that audio which is exactly as long as allowed still shows as such.
        var stopAfter = limit + TimeSpan.FromSeconds(1);
        var packets = await sandbox.Run(MediaTool.Ffmpeg,
            [
                "-stats_period", "60", "-progress", "pipe:1", .. UntrustedInput.ForFfmpeg(options),
                "-map", string.Create(CultureInfo.InvariantCulture, $"0:{stream.Index}"),
                "-c", "copy", "-t", stopAfter.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture), "-f", "null", "-",
            ],
            path, outputFolder: null, cancellationToken);

        if (packets.HitLimit)
            return new Measurement.Refused(TooComplex("Reading its audio takes more than one file may take."));
        if (!packets.Succeeded || LastPosition(packets.Output.Text) is not { } duration || duration <= TimeSpan.Zero)
            return new Measurement.Refused(Unreadable("Its audio cannot be read."));
        return duration > limit
            ? new Measurement.Refused(Rejected(MediaRejection.MediaTooLong, $"Its audio is longer than {limit}."))
            : new Measurement.Taken(duration);
    }

    private static TimeSpan? LastPosition(string progress)
    {
        const string Key = "out_time_us=";
        var last = progress.Split('\n').LastOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal));
        return long.TryParse(last.AsSpan(last is null ? 0 : Key.Length), NumberStyles.Integer, CultureInfo.InvariantCulture, out var microseconds)
            && microseconds <= (long)TimeSpan.MaxValue.TotalMicroseconds
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
    }

    // ffmpeg's components sign their complaints "[name @ address]": one that speaks was chosen for the file by its content.
    // What is refused before that speaks unsigned, or as the format whitelist.
    private static bool NamesADemuxer(string errors) =>
        errors.StartsWith('[') && !errors.Contains("whitelist", StringComparison.OrdinalIgnoreCase);

    private static TimeSpan Least(TimeSpan own, TimeSpan? other) => other < own ? other.Value : own;

    private MediaProbeResult.Rejected TooLarge() => TooComplex($"Its picture has more than {options.MaxPixels} pixels.");

    private static MediaProbeResult.Rejected Unreadable(string detail) => Rejected(MediaRejection.MediaUnreadable, detail);

    private static MediaProbeResult.Rejected TooComplex(string detail) => Rejected(MediaRejection.MediaTooComplex, detail);

    private static MediaProbeResult.Rejected Rejected(string code, string detail) => new(code, detail);

    /// <summary>How long one audio stream is, or why it cannot be captioned.</summary>
    private abstract record Measurement
    {
        private Measurement()
        {
        }

        public sealed record Taken(TimeSpan Duration) : Measurement;

        public sealed record Refused(MediaProbeResult.Rejected Reason) : Measurement;
    }
}
