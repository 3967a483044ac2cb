using System.Diagnostics.CodeAnalysis;

namespace AX2Caption.Captions;

/// <summary>The formats captions can be had in.</summary>
public static class CaptionFormats
{
    /// <summary>SubRip; its media type is unregistered but what clients send and expect.</summary>
    public static CaptionFormat Srt { get; } = new("srt", "application/x-subrip", SubRip.Write);

    /// <summary>WebVTT.</summary>
    public static CaptionFormat Vtt { get; } = new("vtt", "text/vtt", WebVtt.Write);

    /// <summary>Every format, in the order to list them.</summary>
    public static IReadOnlyList<CaptionFormat> All { get; } = [Srt, Vtt];

    /// <summary>Finds a format by its exact name.</summary>
    public static bool TryGet(string? name, [NotNullWhen(true)] out CaptionFormat? format)
    {
        format = All.FirstOrDefault(candidate => candidate.Name == name);
        return format is not null;
    }
}
