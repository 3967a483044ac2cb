namespace AX2Caption.Grains.Abstractions.Credits;

/// <summary>Adds credits to the account.</summary>
/// <param name="OpId">Names the operation.</param>
/// <param name="Amount">Credits, more than 0.</param>
/// <param name="Reason">Why, for the ledger; 200 characters at most.</param>
/// <param name="Source">Where they come from.</param>
/// <param name="ExpiresAt">When what is left of them lapses; null for never.</param>
/// <param name="Actor">The operator who grants them; null if nobody did by hand. 100 characters at most.</param>
[GenerateSerializer, Immutable, Alias("ax2.GrantCredits")]
public sealed record GrantCredits(
    [property: Id(0)] Guid OpId,
    [property: Id(1)] long Amount,
    [property: Id(2)] string Reason,
    [property: Id(3)] GrantSource Source = GrantSource.Welcome,
    [property: Id(4)] DateTimeOffset? ExpiresAt = null,
    [property: Id(5)] string? Actor = null);

/// <summary>Where granted credits come from; the names are stored.</summary>
[GenerateSerializer, Alias("ax2.GrantSource")]
public enum GrantSource
{
    /// <summary>Given to every new account.</summary>
    Welcome = 0,

    /// <summary>Paid for.</summary>
    Purchase = 1,

    /// <summary>Given away, for a campaign or as part of a plan.</summary>
    Promotion = 2,

    /// <summary>Given by an operator, for example to make up for something.</summary>
    Operator = 3,
}

/// <summary>Opens a hold.</summary>
/// <param name="OpId">Names the operation.</param>
/// <param name="HoldId">The hold to open, for example the job's id.</param>
/// <param name="Amount">Credits, more than 0.</param>
/// <param name="ExpiresAt">When the hold returns by itself.</param>
/// <param name="Reason">Why, for the ledger; 200 characters at most.</param>
[GenerateSerializer, Immutable, Alias("ax2.ReserveCredits")]
public sealed record ReserveCredits(
    [property: Id(0)] Guid OpId,
    [property: Id(1)] Guid HoldId,
    [property: Id(2)] long Amount,
    [property: Id(3)] DateTimeOffset ExpiresAt,
    [property: Id(4)] string Reason);

/// <summary>Lets an open hold live longer.</summary>
/// <param name="OpId">Names the operation.</param>
/// <param name="HoldId">The hold.</param>
/// <param name="ExpiresAt">Its new end, later than the one it has.</param>
/// <param name="Reason">Why, for the ledger; 200 characters at most.</param>
[GenerateSerializer, Immutable, Alias("ax2.ExtendHold")]
public sealed record ExtendHold(
    [property: Id(0)] Guid OpId,
    [property: Id(1)] Guid HoldId,
    [property: Id(2)] DateTimeOffset ExpiresAt,
    [property: Id(3)] string Reason);

/// <summary>Ends a hold by spending from it.</summary>
/// <param name="OpId">Names the operation.</param>
/// <param name="HoldId">The hold to end.</param>
/// <param name="Amount">Credits to spend, from 0 to the held amount.</param>
/// <param name="Reason">Why, for the ledger; 200 characters at most.</param>
[GenerateSerializer, Immutable, Alias("ax2.SettleHold")]
public sealed record SettleHold(
    [property: Id(0)] Guid OpId,
    [property: Id(1)] Guid HoldId,
    [property: Id(2)] long Amount,
    [property: Id(3)] string Reason);

/// <summary>Ends a hold by returning all of it.</summary>
/// <param name="OpId">Names the operation.</param>
/// <param name="HoldId">The hold to end.</param>
/// <param name="Reason">Why, for the ledger; 200 characters at most.</param>
[GenerateSerializer, Immutable, Alias("ax2.ReleaseHold")]
public sealed record ReleaseHold(
    [property: Id(0)] Guid OpId,
    [property: Id(1)] Guid HoldId,
    [property: Id(2)] string Reason);

/// <summary>Gives back credits that a hold spent.</summary>
/// <param name="OpId">Names the operation.</param>
/// <param name="HoldId">The settled hold, for example the job's id.</param>
/// <param name="Amount">Credits, more than 0 and no more than were spent and not yet given back; null for all of those.</param>
/// <param name="Reason">Why, for the ledger; 200 characters at most.</param>
/// <param name="Actor">The operator who refunds; null if nobody did by hand. 100 characters at most.</param>
[GenerateSerializer, Immutable, Alias("ax2.RefundCredits")]
public sealed record RefundCredits(
    [property: Id(0)] Guid OpId,
    [property: Id(1)] Guid HoldId,
    [property: Id(2)] long? Amount,
    [property: Id(3)] string Reason,
    [property: Id(4)] string? Actor);

/// <summary>Corrects an account by hand.</summary>
/// <param name="OpId">Names the operation.</param>
/// <param name="Amount">Credits to add, or, if negative, to take away; at most what is available.</param>
/// <param name="Reason">Why, for the ledger; 200 characters at most.</param>
/// <param name="Actor">The operator who does it; 100 characters at most.</param>
[GenerateSerializer, Immutable, Alias("ax2.AdjustCredits")]
public sealed record AdjustCredits(
    [property: Id(0)] Guid OpId,
    [property: Id(1)] long Amount,
    [property: Id(2)] string Reason,
    [property: Id(3)] string Actor);
