using AX2Caption.Grains.Abstractions.Credits;

namespace AX2Caption.Grains.Abstractions.Accounts;

/// <summary>A guest's account.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="Credits">Its balance now.</param>
[GenerateSerializer, Immutable, Alias("ax2.GuestAccount")]
public sealed record GuestAccount(
    [property: Id(0)] Guid AccountId,
    [property: Id(1)] DateTimeOffset CreatedAt,
    [property: Id(2)] CreditBalance Credits);
