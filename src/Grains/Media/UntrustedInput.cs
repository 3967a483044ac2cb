using System.Globalization;

namespace AX2Caption.Grains.Media;

/// <summary>The arguments with which ffprobe and ffmpeg open the sandbox's input.</summary>
internal static class UntrustedInput
{
    // Containers whose bytes are the media itself. Playlists, manifests, concat scripts, images and devices stay out:
    // they make ffmpeg open other files.
    private const string Formats = "mov,matroska,mp3,wav,w64,flac,ogg,avi,mpegts,mpeg,aac,flv,asf,aiff,caf,amr";

    /// <summary>For ffprobe, which would give up on a whole file because of one stream whose decoder it may not open.</summary>
    public static IEnumerable<string> ForFfprobe(MediaOptions options) => [.. Common(options), .. Open];

    /// <summary>For ffmpeg, which opens no decoder but those of the accepted codecs.</summary>
    /// <param name="options">What is accepted.</param>
    /// <param name="reading">Further options of the input, such as where to begin.</param>
    public static IEnumerable<string> ForFfmpeg(MediaOptions options, params IEnumerable<string> reading) =>
    [
        "-nostdin", "-nostats", .. Common(options),
        "-codec_whitelist", CodecNames.DecodersOf($"{options.AudioCodecs},{options.PictureCodecs}"), .. reading, .. Open,
    ];

    private static readonly string[] Open = ["-i", "file:" + SandboxCommand.Input];

    private static IEnumerable<string> Common(MediaOptions options) =>
    [
        "-hide_banner", "-v", "error", "-threads", "1",
        "-max_pixels", options.MaxPixels.ToString(CultureInfo.InvariantCulture),
        "-protocol_whitelist", "file", "-format_whitelist", Formats,
    ];
}
