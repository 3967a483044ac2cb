using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Api.Jobs;

/// <summary>Section <c>Streams</c>: how jobs are followed while they run. Streams are counted by each Api process for itself.</summary>
internal sealed class StreamOptions
{
    /// <summary>
    /// How often a stream says that it lives, and looks whether its session does. Shorter than proxies wait for the next byte. Default
    /// 15 s; 0.1 s to 1 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00", ErrorMessage = "Streams:HeartbeatInterval must be between 00:00:00.1 and 00:01:00.")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a stream lasts at the most; the client connects again. Default 1 h; 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "Streams:MaximumDuration must be between 00:00:01 and 1.00:00:00.")]
    public TimeSpan MaximumDuration { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a client may take to make room for an event before its connection is cut. Default 10 s; 1 s to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00", ErrorMessage = "Streams:WriteTimeout must be between 00:00:01 and 00:01:00.")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long clients are told to wait before they connect again. Default 2 s; 0.1 s to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00", ErrorMessage = "Streams:ReconnectAfter must be between 00:00:00.1 and 00:01:00.")]
    public TimeSpan ReconnectAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Streams that one account may have open. Default 20; 1 to 10,000.</summary>
    [Range(1, 10_000, ErrorMessage = "Streams:PerAccount must be between 1 and 10000.")]
    public int PerAccount { get; set; } = 20;

    /// <summary>Streams that one network may have open: an IPv4 address or the /64 of an IPv6 one. Default 200; 1 to 100,000.</summary>
    [Range(1, 100_000, ErrorMessage = "Streams:PerAddress must be between 1 and 100000.")]
    public int PerAddress { get; set; } = 200;
}
