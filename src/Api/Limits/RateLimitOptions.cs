using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Api.Limits;

/// <summary>Section <c>RateLimits</c>: how much one client may ask of one Api process.</summary>
internal sealed class RateLimitOptions
{
    /// <summary>Guest accounts that one address may create in <see cref="GuestWindow"/>. Default 20; 1 to 1,000,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "RateLimits:GuestsPerAddress must be between 1 and 1000000.")]
    public int GuestsPerAddress { get; set; } = 20;

    /// <summary>The fixed window of <see cref="GuestsPerAddress"/>. Default 1 h; 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "RateLimits:GuestWindow must be between 00:00:01 and 1.00:00:00.")]
    public TimeSpan GuestWindow { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Uploads that one account may have under way at once. Default 4; 1 to 1,000.</summary>
    [Range(1, 1000, ErrorMessage = "RateLimits:UploadsPerAccount must be between 1 and 1000.")]
    public int UploadsPerAccount { get; set; } = 4;
}
