using System.Globalization;

namespace AX2Caption.Grains.Media;

/// <summary>The arguments with which ffprobe and ffmpeg open the sandbox's input.</summary>
internal static class UntrustedInput
{
    // Containers whose bytes are the media itself. Playlists, manifests, concat scripts, images and devices stay out:
    // they make ffmpeg open other files.
    private const string Formats = "mov,matroska,mp3,wav,w64,flac,ogg,avi,mpegts,mpeg,aac,flv,asf,aiff,caf,amr";

    public static IEnumerable<string> Arguments(int maxPixels) =>
    [
        "-hide_banner", "-v", "error", "-threads", "1",
        "-max_pixels", maxPixels.ToString(CultureInfo.InvariantCulture),
        "-protocol_whitelist", "file", "-format_whitelist", Formats,
        "-i", "file:" + SandboxCommand.Input,
    ];
}
