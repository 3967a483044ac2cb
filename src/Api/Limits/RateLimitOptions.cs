using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Api.Limits;

/// <summary>
/// Section <c>RateLimits</c>: how much one client may ask of one Api process. An address is an IPv4 address or the /64 of an IPv6 one.
/// What is counted per minute or hour is counted in a bucket: all of it may come at once, and comes back evenly.
/// </summary>
internal sealed class RateLimitOptions
{
    /// <summary>Requests of one address in a minute, of all but <c>/health</c>. Default 6,000, since many may share one; 1 to 10,000,000.</summary>
    [Range(1, 10_000_000, ErrorMessage = "RateLimits:RequestsPerAddress must be between 1 and 10000000.")]
    public int RequestsPerAddress { get; set; } = 6000;

    /// <summary>Requests of one account in a minute. Default 1,500, more than twice what a client needs that looks every 100 ms; 1 to 10,000,000.</summary>
    [Range(1, 10_000_000, ErrorMessage = "RateLimits:RequestsPerAccount must be between 1 and 10000000.")]
    public int RequestsPerAccount { get; set; } = 1500;

    /// <summary>Submissions of jobs by one account in a minute, repeated ones included. Default 120; 1 to 1,000,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "RateLimits:JobsPerAccount must be between 1 and 1000000.")]
    public int JobsPerAccount { get; set; } = 120;

    /// <summary>Pings and repeated events that one account may have sent to its webhooks in a minute. Default 10; 1 to 1,000,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "RateLimits:WebhookSendsPerAccount must be between 1 and 1000000.")]
    public int WebhookSendsPerAccount { get; set; } = 10;

    /// <summary>Uploads that one member's account may begin in a minute. Default 60; 1 to 1,000,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "RateLimits:UploadStartsPerAccount must be between 1 and 1000000.")]
    public int UploadStartsPerAccount { get; set; } = 60;

    /// <summary>Uploads that one guest's account may begin in a minute. Default 20; 1 to 1,000,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "RateLimits:UploadStartsPerGuest must be between 1 and 1000000.")]
    public int UploadStartsPerGuest { get; set; } = 20;

    /// <summary>Uploads that one account may have under way at once. Default 4; 1 to 1,000.</summary>
    [Range(1, 1000, ErrorMessage = "RateLimits:UploadsPerAccount must be between 1 and 1000.")]
    public int UploadsPerAccount { get; set; } = 4;

    /// <summary>Sign-ins and the like, whether they succeed or not, of one address in a minute. Default 30; 1 to 1,000,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "RateLimits:SignInsPerAddress must be between 1 and 1000000.")]
    public int SignInsPerAddress { get; set; } = 30;

    /// <summary>Requests of one address in an hour that send an e-mail. Default 10; 1 to 1,000,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "RateLimits:MailsPerAddress must be between 1 and 1000000.")]
    public int MailsPerAddress { get; set; } = 10;

    /// <summary>Guest accounts that one address may create in <see cref="GuestWindow"/>. Default 20; 1 to 1,000,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "RateLimits:GuestsPerAddress must be between 1 and 1000000.")]
    public int GuestsPerAddress { get; set; } = 20;

    /// <summary>The fixed window of <see cref="GuestsPerAddress"/>. Default 1 h; 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "RateLimits:GuestWindow must be between 00:00:01 and 1.00:00:00.")]
    public TimeSpan GuestWindow { get; set; } = TimeSpan.FromHours(1);
}
