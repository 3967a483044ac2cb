using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Grains.Credits;

/// <summary>Prices and grants; section <c>Credits</c>.</summary>
public sealed class CreditOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Credits";

    /// <summary>Credits that a new guest gets. 0 gives none. Default 30, half an hour of media.</summary>
    [Range(0, 1_000_000)]
    public long GuestGrant { get; set; } = 30;

    /// <summary>Credits for each started minute of media. Default 1.</summary>
    [Range(1, 10_000)]
    public long PerStartedMinute { get; set; } = 1;

    /// <summary>
    /// How long a job's hold lives if nothing ends it: what a crash between hold and job leaves comes back after this time.
    /// Must be longer than <c>Jobs:Deadline</c>. Default 7 days.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "90.00:00:00")]
    public TimeSpan HoldLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The price of captioning media of this length, in credits.</summary>
    public long PriceOf(TimeSpan duration) => Math.Max(1, (long)Math.Ceiling(duration.TotalMinutes)) * PerStartedMinute;
}
