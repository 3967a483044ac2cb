using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Grains.Accounts;

/// <summary>Limits of accounts; section <c>Accounts</c>.</summary>
public sealed class AccountOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Accounts";

    /// <summary>Guests that are admitted from one network within any 24 hours, by all silos together. Default 20.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Accounts:GuestsPerNetworkAndDay must be between 1 and 1000000.")]
    public int GuestsPerNetworkAndDay { get; set; } = 20;

    /// <summary>How long a link that confirms an address is good for. Default 24 h; 1 min to 7 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00", ErrorMessage = "Accounts:ConfirmationLifetime must be between 00:01:00 and 7.00:00:00.")]
    public TimeSpan ConfirmationLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a link that sets a new password is good for. Default 1 h; 1 min to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00", ErrorMessage = "Accounts:ResetLifetime must be between 00:01:00 and 1.00:00:00.")]
    public TimeSpan ResetLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long after an account was deleted the sweep looks once more for what workers may have stored since, or a crash left. Default 15 min,
    /// longer than a lease; 1 s to 1 day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "Accounts:PurgeAgainAfter must be between 00:00:01 and 1.00:00:00.")]
    public TimeSpan PurgeAgainAfter { get; set; } = TimeSpan.FromMinutes(15);
}
