using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Grains.Media;

/// <summary>What media is accepted. Section <c>Media</c>.</summary>
internal sealed class MediaOptions
{
    public const string Section = "Media";

    /// <summary>Longest audio that is captioned, measured and not claimed; longer media is rejected. Default 4 hours, at most 24.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromHours(4);

    /// <summary>Most streams of all kinds in one file. Default 32.</summary>
    [Range(1, 1000)]
    public int MaxStreams { get; set; } = 32;

    /// <summary>Most pixels of one picture, width × height. Default 35,651,584 (8192 × 4352, a little above 8K UHD).</summary>
    [Range(1, int.MaxValue)]
    public int MaxPixels { get; set; } = 8192 * 4352;
}
