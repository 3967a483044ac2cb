namespace AX2Caption.Grains.Abstractions.Credits;

/// <summary>Credits set aside for one purpose.</summary>
/// <param name="HoldId">Its id.</param>
/// <param name="Amount">Credits held, more than 0.</param>
/// <param name="State">Open, or how it ended.</param>
/// <param name="ExpiresAt">When an open hold returns by itself.</param>
[GenerateSerializer, Immutable, Alias("ax2.CreditHold")]
public sealed record CreditHold(
    [property: Id(0)] Guid HoldId,
    [property: Id(1)] long Amount,
    [property: Id(2)] CreditHoldState State,
    [property: Id(3)] DateTimeOffset ExpiresAt);

/// <summary>States of a hold; the names are stored. Only <see cref="Open"/> can change.</summary>
[GenerateSerializer, Alias("ax2.CreditHoldState")]
public enum CreditHoldState
{
    /// <summary>The credits are set aside.</summary>
    Open = 0,

    /// <summary>Spent, in whole or in part.</summary>
    Settled = 1,

    /// <summary>Returned.</summary>
    Released = 2,

    /// <summary>Returned because its time was over.</summary>
    Expired = 3,
}
