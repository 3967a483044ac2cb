namespace AX2Caption.Grains.Abstractions.Credits;

/// <summary>What became of a credit operation.</summary>
[GenerateSerializer, Immutable, Alias("ax2.CreditResult")]
public abstract record CreditResult
{
    private CreditResult()
    {
    }

    /// <summary>It is in the ledger, now or since an earlier call with the same id.</summary>
    /// <param name="Entry">Its entry, with the balances right after it.</param>
    /// <param name="Hold">The hold it opened or ended as it stands now; null for operations without one.</param>
    [GenerateSerializer, Immutable, Alias("ax2.CreditResult.Applied")]
    public sealed record Applied([property: Id(0)] CreditEntry Entry, [property: Id(1)] CreditHold? Hold) : CreditResult;

    /// <summary>More was asked for than is available; nothing changed.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.CreditResult.InsufficientCredits")]
    public sealed record InsufficientCredits([property: Id(0)] long Required, [property: Id(1)] long Available) : CreditResult;

    /// <summary>The id already names another operation; nothing changed.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.CreditResult.Conflict")]
    public sealed record Conflict([property: Id(0)] Guid OpId) : CreditResult;

    /// <summary>The account has no such hold; nothing changed.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.CreditResult.HoldNotFound")]
    public sealed record HoldNotFound([property: Id(0)] Guid HoldId) : CreditResult;

    /// <summary>The hold has already ended in another way, or a hold of that id exists; nothing changed.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.CreditResult.HoldNotOpen")]
    public sealed record HoldNotOpen([property: Id(0)] CreditHold Hold) : CreditResult;

    /// <summary>The amount is out of range: not positive, over the hold, or past what an account can carry; nothing changed.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.CreditResult.InvalidAmount")]
    public sealed record InvalidAmount([property: Id(0)] long Amount) : CreditResult;

    /// <summary>The account does not exist; nothing changed.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.CreditResult.AccountNotFound")]
    public sealed record AccountNotFound : CreditResult;

    /// <summary>The account was a guest's and has become another's, which has all its credits and holds; nothing changed.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.CreditResult.AccountMoved")]
    public sealed record AccountMoved([property: Id(0)] Guid AccountId) : CreditResult;

    /// <summary>The hold was not settled, so there is nothing to refund; nothing changed.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.CreditResult.HoldNotSettled")]
    public sealed record HoldNotSettled([property: Id(0)] CreditHold Hold) : CreditResult;

    /// <summary>The time is over already, or, for an extension, not later than the one it replaces; nothing changed.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.CreditResult.InvalidExpiry")]
    public sealed record InvalidExpiry([property: Id(0)] DateTimeOffset ExpiresAt) : CreditResult;

    /// <summary>The account has as many open holds, or grants that lapse, as it may; nothing changed.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.CreditResult.LimitReached")]
    public sealed record LimitReached([property: Id(0)] int Limit) : CreditResult;

    /// <summary>More operations are waiting than may; this one was not taken up. Repeat it a little later.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.CreditResult.Busy")]
    public sealed record Busy : CreditResult;
}
