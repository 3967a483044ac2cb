using AX2Caption.Grains.Abstractions.Credits;

namespace AX2Caption.Api.Credits;

/// <summary>A balance. A credit pays for a started minute of media.</summary>
/// <param name="Available">Free to use.</param>
/// <param name="Reserved">Held for jobs that have not ended.</param>
internal sealed record CreditAmounts(long Available, long Reserved)
{
    public static CreditAmounts Of(CreditBalance balance) => new(balance.Available, balance.Reserved);
}

/// <summary>An account's credits, and what they are made of. A credit pays for a started minute of media.</summary>
/// <param name="Available">Free to use.</param>
/// <param name="Reserved">Held for jobs that have not ended.</param>
/// <param name="Expiring">The part of the available credits that lapses, what lapses first coming first.</param>
/// <param name="Holds">What is reserved, the hold that ends first coming first.</param>
internal sealed record CreditsInFull(
    long Available, long Reserved, IReadOnlyList<ExpiringCredits> Expiring, IReadOnlyList<CreditsHeld> Holds)
{
    public static CreditsInFull Of(CreditOverview overview) => new(
        overview.Balance.Available,
        overview.Balance.Reserved,
        [.. overview.ExpiringGrants.Select(grant => new ExpiringCredits(grant.Remaining, grant.ExpiresAt))],
        [.. overview.OpenHolds.Select(hold => new CreditsHeld(hold.HoldId, hold.Amount, hold.ExpiresAt))]);
}

/// <summary>Available credits that lapse.</summary>
/// <param name="Amount">How many are left of a grant; more than 0.</param>
/// <param name="ExpiresAt">When they lapse.</param>
internal sealed record ExpiringCredits(long Amount, DateTimeOffset ExpiresAt);

/// <summary>Credits held for a job.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Amount">Credits held; more than 0.</param>
/// <param name="ExpiresAt">When they return by themselves, if the job has not ended by then.</param>
internal sealed record CreditsHeld(Guid JobId, long Amount, DateTimeOffset ExpiresAt);

/// <summary>One line of an account's ledger, as its owner sees it.</summary>
/// <param name="Seq">Its number: 1, 2, 3, … without a gap.</param>
/// <param name="Kind">
/// <c>grant</c>, <c>reserve</c>, <c>settle</c>, <c>release</c>, <c>expire</c>, <c>extend</c>, <c>refund</c>, <c>adjust</c>, <c>lapse</c>,
/// <c>transfer_out</c> or <c>transfer_in</c>.
/// </param>
/// <param name="Amount">
/// Credits granted, held, spent (a settlement), returned, lapsed or moved; 0 for an extension; negative only where an adjustment
/// took some away.
/// </param>
/// <param name="AvailableAfter">Available credits after it.</param>
/// <param name="ReservedAfter">Reserved credits after it.</param>
/// <param name="HoldId">The hold concerned, which bears the id of its job; null if there is none.</param>
/// <param name="JobId">The job concerned; null if there is none.</param>
/// <param name="Source">
/// Where granted credits came from: <c>welcome</c>, <c>purchase</c>, <c>promotion</c> or <c>operator</c>; null for other kinds.
/// </param>
/// <param name="ExpiresAt">When the granted credits lapse, or the hold that was opened or extended returns; else null.</param>
/// <param name="GrantId">The id of the grant that this line is, or whose rest lapsed; null for other kinds.</param>
/// <param name="ByOperator">Whether a person who runs the service did it by hand.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
internal sealed record LedgerLine(
    long Seq,
    string Kind,
    long Amount,
    long AvailableAfter,
    long ReservedAfter,
    Guid? HoldId,
    Guid? JobId,
    string? Source,
    DateTimeOffset? ExpiresAt,
    Guid? GrantId,
    bool ByOperator,
    string Reason,
    DateTimeOffset At)
{
    public static LedgerLine Of(CreditEntry entry) => new(
        entry.Seq,
        WireName<CreditEntryKind>.Of(entry.Kind),
        entry.Amount,
        entry.AvailableAfter,
        entry.ReservedAfter,
        entry.HoldId,
        entry.HoldId,
        entry.Source is { } source ? WireName<GrantSource>.Of(source) : null,
        entry.ExpiresAt,
        entry.Kind == CreditEntryKind.Grant ? entry.OpId : entry.GrantId,
        entry.Actor is not null,
        entry.Reason,
        entry.At);
}
