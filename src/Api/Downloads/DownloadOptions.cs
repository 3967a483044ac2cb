using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Api.Downloads;

/// <summary>Section <c>Downloads</c>: how videos are handed out again.</summary>
internal sealed class DownloadOptions
{
    /// <summary>How long a signed link works. Default 1 h; 1 s to 7 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00", ErrorMessage = "Downloads:LinkLifetime must be between 00:00:01 and 7.00:00:00.")]
    public TimeSpan LinkLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long a cache may keep what a signed link gives, and so how long a deleted video may still be had from one. Default 5 min;
    /// 0 to 1 day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ErrorMessage = "Downloads:CacheFor must be between 00:00:00 and 1.00:00:00.")]
    public TimeSpan CacheFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether clients are sent to the store itself where it has addresses of its own (S3). Default true; false: the bytes pass here.</summary>
    public bool RedirectToStore { get; set; } = true;

    /// <summary>How long one download may take. Default 2 h; 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "Downloads:Timeout must be between 00:00:01 and 1.00:00:00.")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromHours(2);
}
