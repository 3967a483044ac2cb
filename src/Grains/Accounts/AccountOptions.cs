using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Grains.Accounts;

/// <summary>Limits of accounts; section <c>Accounts</c>.</summary>
public sealed class AccountOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Accounts";

    /// <summary>Guests that are admitted from one network within any 24 hours, by all silos together. Default 20.</summary>
    [Range(1, 1_000_000)]
    public int GuestsPerNetworkAndDay { get; set; } = 20;
}
