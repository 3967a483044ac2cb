using AX2Caption.Grains.Abstractions.Credits;

namespace AX2Caption.Api.Credits;

/// <summary>An account's credits. A credit pays for a started minute of media.</summary>
/// <param name="Available">Free to use.</param>
/// <param name="Reserved">Held for jobs that have not ended.</param>
internal sealed record CreditAmounts(long Available, long Reserved)
{
    public static CreditAmounts Of(CreditBalance balance) => new(balance.Available, balance.Reserved);
}

/// <summary>One line of an account's ledger.</summary>
/// <param name="Seq">Its number: 1, 2, 3, … without a gap.</param>
/// <param name="Kind"><c>grant</c>, <c>reserve</c>, <c>settle</c>, <c>release</c> or <c>expire</c>.</param>
/// <param name="Amount">Credits granted, held, spent or returned.</param>
/// <param name="AvailableAfter">Available credits after it.</param>
/// <param name="ReservedAfter">Reserved credits after it.</param>
/// <param name="HoldId">The hold concerned, which bears the id of its job; null for a grant.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
internal sealed record LedgerLine(
    long Seq,
    string Kind,
    long Amount,
    long AvailableAfter,
    long ReservedAfter,
    Guid? HoldId,
    string Reason,
    DateTimeOffset At)
{
    public static LedgerLine Of(CreditEntry entry) => new(
        entry.Seq,
        entry.Kind.ToString().ToLowerInvariant(),
        entry.Amount,
        entry.AvailableAfter,
        entry.ReservedAfter,
        entry.HoldId,
        entry.Reason,
        entry.At);
}
