namespace AX2Caption.Grains.Abstractions.Credits;

/// <summary>Adds credits to the account.</summary>
/// <param name="OpId">Names the operation.</param>
/// <param name="Amount">Credits, more than 0.</param>
/// <param name="Reason">Why, for the ledger; 200 characters at most.</param>
[GenerateSerializer, Immutable, Alias("ax2.GrantCredits")]
public sealed record GrantCredits(
    [property: Id(0)] Guid OpId,
    [property: Id(1)] long Amount,
    [property: Id(2)] string Reason);

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
