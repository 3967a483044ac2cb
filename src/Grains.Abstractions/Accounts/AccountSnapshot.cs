namespace AX2Caption.Grains.Abstractions.Accounts;

/// <summary>An account.</summary>
/// <param name="AccountId">Its id.</param>
/// <param name="Kind">Whose it is.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="MergedInto">The member that the guest became; null for an account of its own.</param>
/// <param name="ClosedAt">When it was deleted; null for one that is open.</param>
[GenerateSerializer, Immutable, Alias("ax2.AccountSnapshot")]
public sealed record AccountSnapshot(
    [property: Id(0)] Guid AccountId,
    [property: Id(1)] AccountKind Kind,
    [property: Id(2)] DateTimeOffset CreatedAt,
    [property: Id(3)] Guid? MergedInto,
    [property: Id(4)] DateTimeOffset? ClosedAt = null);

/// <summary>Kinds of accounts; the names are stored.</summary>
[GenerateSerializer, Alias("ax2.AccountKind")]
public enum AccountKind
{
    /// <summary>Nobody known: whoever has its token.</summary>
    Guest = 0,

    /// <summary>Somebody who signed up.</summary>
    Member = 1,
}
