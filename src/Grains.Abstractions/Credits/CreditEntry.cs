namespace AX2Caption.Grains.Abstractions.Credits;

/// <summary>One line of an account's ledger.</summary>
/// <param name="Seq">Its number: 1, 2, 3, … without a gap.</param>
/// <param name="OpId">The operation that wrote it.</param>
/// <param name="Kind">What happened.</param>
/// <param name="HoldId">The hold concerned, if any.</param>
/// <param name="Amount">
/// Credits that the entry is about: granted, held, spent (a settlement), returned, lapsed or moved; 0 for an extension;
/// negative only where an adjustment took credits away.
/// </param>
/// <param name="AvailableAfter">Available credits after it.</param>
/// <param name="ReservedAfter">Reserved credits after it.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
/// <param name="Source">Where granted credits came from; null for other kinds.</param>
/// <param name="ExpiresAt">When the granted credits lapse, or the hold that was opened or extended returns; else null.</param>
/// <param name="GrantId">The grant whose rest lapsed, by its <paramref name="OpId"/>; null for other kinds.</param>
/// <param name="OtherAccountId">The account that credits were moved to or came from; null for other kinds.</param>
/// <param name="Actor">The operator who did it; null if nobody did by hand.</param>
[GenerateSerializer, Immutable, Alias("ax2.CreditEntry")]
public sealed record CreditEntry(
    [property: Id(0)] long Seq,
    [property: Id(1)] Guid OpId,
    [property: Id(2)] CreditEntryKind Kind,
    [property: Id(3)] Guid? HoldId,
    [property: Id(4)] long Amount,
    [property: Id(5)] long AvailableAfter,
    [property: Id(6)] long ReservedAfter,
    [property: Id(7)] string Reason,
    [property: Id(8)] DateTimeOffset At,
    [property: Id(9)] GrantSource? Source = null,
    [property: Id(10)] DateTimeOffset? ExpiresAt = null,
    [property: Id(11)] Guid? GrantId = null,
    [property: Id(12)] Guid? OtherAccountId = null,
    [property: Id(13)] string? Actor = null);

/// <summary>Kinds of ledger entries; the names are stored.</summary>
[GenerateSerializer, Alias("ax2.CreditEntryKind")]
public enum CreditEntryKind
{
    /// <summary>Credits came in.</summary>
    Grant = 0,

    /// <summary>A hold was opened.</summary>
    Reserve = 1,

    /// <summary>A hold ended by spending from it.</summary>
    Settle = 2,

    /// <summary>A hold ended by returning all of it.</summary>
    Release = 3,

    /// <summary>A hold ended because its time was over.</summary>
    Expire = 4,

    /// <summary>A hold was given more time.</summary>
    Extend = 5,

    /// <summary>Credits that a hold had spent came back.</summary>
    Refund = 6,

    /// <summary>An operator corrected the account.</summary>
    Adjust = 7,

    /// <summary>What was left of a grant ended because its time was over.</summary>
    Lapse = 8,

    /// <summary>Available credits, or a hold, went to the member that the guest became.</summary>
    TransferOut = 9,

    /// <summary>Available credits, or a hold, came from a guest.</summary>
    TransferIn = 10,
}

/// <summary>Which entries are wanted.</summary>
/// <param name="Before">Only entries with a lower <see cref="CreditEntry.Seq"/>; null for the newest.</param>
/// <param name="Limit">How many at the most, 1 to 200.</param>
/// <param name="Kinds">Only these kinds; null or empty for all.</param>
/// <param name="From">Only entries of this time or later; null for any.</param>
/// <param name="Until">Only entries before this time; null for any.</param>
[GenerateSerializer, Immutable, Alias("ax2.CreditEntryQuery")]
public sealed record CreditEntryQuery(
    [property: Id(0)] long? Before,
    [property: Id(1)] int Limit,
    [property: Id(2)] IReadOnlyList<CreditEntryKind>? Kinds = null,
    [property: Id(3)] DateTimeOffset? From = null,
    [property: Id(4)] DateTimeOffset? Until = null);

/// <summary>A stretch of the ledger, newest first.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="Next">Pass as <c>before</c> for the following page; null at the end.</param>
[GenerateSerializer, Immutable, Alias("ax2.CreditEntryPage")]
public sealed record CreditEntryPage([property: Id(0)] IReadOnlyList<CreditEntry> Entries, [property: Id(1)] long? Next);
