using AX2Caption.Grains.Abstractions.Videos;

namespace AX2Caption.Api.Downloads;

/// <summary>Media types of what the probe accepts; what the uploader said of the file is not asked.</summary>
internal static class MediaTypes
{
    private const string Unknown = "application/octet-stream";

    /// <summary>By the first name that ffprobe gives a container: for files with pictures, and for those without.</summary>
    private static readonly Dictionary<string, (string Video, string Audio)> ByContainer = new(StringComparer.Ordinal)
    {
        ["mov"] = ("video/mp4", "audio/mp4"),
        ["matroska"] = ("video/webm", "audio/webm"),
        ["ogg"] = ("video/ogg", "audio/ogg"),
        ["mpegts"] = ("video/mp2t", "video/mp2t"),
        ["mpeg"] = ("video/mpeg", "video/mpeg"),
        ["avi"] = ("video/x-msvideo", "video/x-msvideo"),
        ["flv"] = ("video/x-flv", "video/x-flv"),
        ["asf"] = ("video/x-ms-asf", "video/x-ms-asf"),
        ["mp3"] = ("audio/mpeg", "audio/mpeg"),
        ["aac"] = ("audio/aac", "audio/aac"),
        ["wav"] = ("audio/wav", "audio/wav"),
        ["flac"] = ("audio/flac", "audio/flac"),
        ["aiff"] = ("audio/aiff", "audio/aiff"),
    };

    public static string Of(MediaSummary media) => ByContainer.TryGetValue(media.Container.Split(',')[0], out var types)
        ? media.Streams.Any(stream => stream.Kind == "video") ? types.Video : types.Audio
        : Unknown;
}
