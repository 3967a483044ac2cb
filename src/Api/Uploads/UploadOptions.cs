using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Api.Uploads;

/// <summary>Section <c>Uploads</c>: what one request may send.</summary>
internal sealed class UploadOptions
{
    /// <summary>Largest file in one multipart request, in bytes; the account's plan bounds it too. Default 2 GiB; 1 KiB to 1 TiB.</summary>
    [Range(1024L, 1L << 40, ErrorMessage = "Uploads:MaximumBytes must be between 1024 and 1099511627776.")]
    public long MaximumBytes { get; set; } = 2L << 30;

    /// <summary>Largest upload in pieces, in bytes; the account's plan bounds it too. Default 20 GiB; 1 KiB to 1 TiB.</summary>
    [Range(1024L, 1L << 40, ErrorMessage = "Uploads:MaximumResumableBytes must be between 1024 and 1099511627776.")]
    public long MaximumResumableBytes { get; set; } = 20L << 30;

    /// <summary>How long one request may take. Default 2 h; 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "Uploads:Timeout must be between 00:00:01 and 1.00:00:00.")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromHours(2);

    /// <summary>Uploads of which a hash is kept between two of their pieces, a few hundred bytes each. Default 1,000; 1 to 1,000,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Uploads:KeptHashes must be between 1 and 1000000.")]
    public int KeptHashes { get; set; } = 1000;
}
