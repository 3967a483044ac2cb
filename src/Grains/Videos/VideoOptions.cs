using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Grains.Videos;

/// <summary>Limits of videos; section <c>Videos</c>.</summary>
public sealed class VideoOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Videos";

    /// <summary>An upload in one request that has not completed by then is given up and deleted. Default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00", ErrorMessage = "Videos:AbandonUploadsAfter must be between 00:00:01 and 30.00:00:00.")]
    public TimeSpan AbandonUploadsAfter { get; set; } = TimeSpan.FromHours(24);
}
