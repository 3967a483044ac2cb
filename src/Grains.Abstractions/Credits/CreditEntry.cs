namespace AX2Caption.Grains.Abstractions.Credits;

/// <summary>One line of an account's ledger.</summary>
/// <param name="Seq">Its number: 1, 2, 3, … without a gap.</param>
/// <param name="OpId">The operation that wrote it.</param>
/// <param name="Kind">What happened.</param>
/// <param name="HoldId">The hold concerned, if any.</param>
/// <param name="Amount">Credits granted, held, spent or returned; for a settlement the credits spent.</param>
/// <param name="AvailableAfter">Available credits after it.</param>
/// <param name="ReservedAfter">Reserved credits after it.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
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
    [property: Id(8)] DateTimeOffset At);

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
}

/// <summary>A stretch of the ledger, newest first.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="Next">Pass as <c>before</c> for the following page; null at the end.</param>
[GenerateSerializer, Immutable, Alias("ax2.CreditEntryPage")]
public sealed record CreditEntryPage([property: Id(0)] IReadOnlyList<CreditEntry> Entries, [property: Id(1)] long? Next);
