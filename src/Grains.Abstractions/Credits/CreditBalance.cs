namespace AX2Caption.Grains.Abstractions.Credits;

/// <summary>An account's credits.</summary>
/// <param name="Available">Free to use; never negative.</param>
/// <param name="Reserved">Held for running jobs; never negative.</param>
[GenerateSerializer, Immutable, Alias("ax2.CreditBalance")]
public sealed record CreditBalance([property: Id(0)] long Available, [property: Id(1)] long Reserved);

/// <summary>An account's credits in full.</summary>
/// <param name="Balance">The sums.</param>
/// <param name="OpenHolds">What is reserved, the hold that ends first coming first.</param>
/// <param name="ExpiringGrants">The part of the available credits that lapses, what lapses first coming first.</param>
[GenerateSerializer, Immutable, Alias("ax2.CreditOverview")]
public sealed record CreditOverview(
    [property: Id(0)] CreditBalance Balance,
    [property: Id(1)] IReadOnlyList<CreditHold> OpenHolds,
    [property: Id(2)] IReadOnlyList<ExpiringGrant> ExpiringGrants);

/// <summary>What is left of a grant that lapses.</summary>
/// <param name="GrantId">The <see cref="CreditEntry.OpId"/> of the grant.</param>
/// <param name="Remaining">Credits of it that are available; more than 0.</param>
/// <param name="ExpiresAt">When they lapse.</param>
[GenerateSerializer, Immutable, Alias("ax2.ExpiringGrant")]
public sealed record ExpiringGrant(
    [property: Id(0)] Guid GrantId,
    [property: Id(1)] long Remaining,
    [property: Id(2)] DateTimeOffset ExpiresAt);
