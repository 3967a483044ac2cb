using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Api.Videos;

/// <summary>Section <c>Uploads</c>: what may be uploaded in one request.</summary>
internal sealed class UploadOptions
{
    /// <summary>Largest file, in bytes. Default 2 GiB; 1 KiB to 1 TiB.</summary>
    [Range(1024L, 1L << 40, ErrorMessage = "Uploads:MaximumBytes must be between 1024 and 1099511627776.")]
    public long MaximumBytes { get; set; } = 2L << 30;

    /// <summary>How long one upload may take. Default 2 h; 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "Uploads:Timeout must be between 00:00:01 and 1.00:00:00.")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromHours(2);
}
