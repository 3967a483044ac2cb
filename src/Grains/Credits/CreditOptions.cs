using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Grains.Credits;

/// <summary>Prices and grants; section <c>Credits</c>.</summary>
public sealed class CreditOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Credits";

    /// <summary>Credits that a new guest gets. 0 gives none. Default 30, half an hour of media.</summary>
    [Range(0, 1_000_000, ErrorMessage = "Credits:GuestGrant must be between 0 and 1000000.")]
    public long GuestGrant { get; set; } = 30;

    /// <summary>Credits that a new member gets. 0 gives none. Default 60, an hour of media.</summary>
    [Range(0, 1_000_000, ErrorMessage = "Credits:MemberGrant must be between 0 and 1000000.")]
    public long MemberGrant { get; set; } = 60;

    /// <summary>Credits for each started minute of media, unless <see cref="Engines"/> says otherwise. Default 1.</summary>
    [Range(1, 10_000, ErrorMessage = "Credits:PerStartedMinute must be between 1 and 10000.")]
    public long PerStartedMinute { get; set; } = 1;

    /// <summary>Credits for each started minute by name of the speech engine, 1 to 10,000. Default: none is named.</summary>
    public IDictionary<string, long> Engines { get; } = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Credits that a layout profile adds to each started minute, by its name, 0 to 10,000; <c>auto</c> is for jobs whose language is still to be found
    /// out and that name none. Default: none adds any.</summary>
    public IDictionary<string, long> Profiles { get; } = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);

    /// <summary>How long a quoted price is promised. Default 15 min.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00", ErrorMessage = "Credits:QuoteLifetime must be between 00:00:10 and 1.00:00:00.")]
    public TimeSpan QuoteLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How long a job's hold lives. A live job extends it whenever half of that is over; what a crash between hold and job leaves comes
    /// back after this time. An outage longer than half of it can cost live jobs their holds, and so fail them. Default 12 h.
    /// </summary>
    [Range(typeof(TimeSpan), "00:10:00", "90.00:00:00", ErrorMessage = "Credits:HoldLifetime must be between 00:10:00 and 90.00:00:00.")]
    public TimeSpan HoldLifetime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>Holds that one account may have open; each live job has one. Default 1,000.</summary>
    [Range(1, 100_000_000, ErrorMessage = "Credits:MaximumOpenHoldsPerAccount must be between 1 and 100000000.")]
    public int MaximumOpenHoldsPerAccount { get; set; } = 1_000;

    /// <summary>Grants that lapse, and have something left, that one account may have. Default 100.</summary>
    [Range(1, 10_000, ErrorMessage = "Credits:MaximumExpiringGrantsPerAccount must be between 1 and 10000.")]
    public int MaximumExpiringGrantsPerAccount { get; set; } = 100;

    internal CreditLimits Limits => new(MaximumOpenHoldsPerAccount, MaximumExpiringGrantsPerAccount);
}
