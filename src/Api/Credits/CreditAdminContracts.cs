using AX2Caption.Api.Validation;
using AX2Caption.Grains.Abstractions.Credits;

namespace AX2Caption.Api.Credits;

/// <summary>Credits to be added to an account.</summary>
/// <param name="Amount">Credits, 1 to 1,000,000,000,000.</param>
/// <param name="Reason">Why, for the ledger, where the owner reads it: one line of 1 to 200 characters.</param>
/// <param name="Source"><c>purchase</c>, <c>promotion</c> or <c>operator</c>; <c>operator</c> if it is left out.</param>
/// <param name="ExpiresAt">When what is left of them lapses, as RFC 3339 has it; never if it is left out.</param>
internal sealed record NewGrant(
    [Amount(1)] long Amount,
    [Line(NewGrant.MaximumReasonLength)] string Reason,
    [OneOf("purchase", "promotion", "operator")] string? Source = null,
    [Time] string? ExpiresAt = null)
{
    /// <summary>In UTF-16 code units, for all operations.</summary>
    public const int MaximumReasonLength = 200;
}

/// <summary>A correction of an account.</summary>
/// <param name="Amount">Credits to add, or, if negative, to take away; not 0, and 1,000,000,000,000 at most either way.</param>
/// <param name="Reason">Why, for the ledger, where the owner reads it: one line of 1 to 200 characters.</param>
internal sealed record NewAdjustment([Amount(-AmountCheck.Maximum)] long Amount, [Line(NewGrant.MaximumReasonLength)] string Reason);

/// <summary>Credits to be given back that a job spent.</summary>
/// <param name="JobId">A job of the account that succeeded.</param>
/// <param name="Reason">Why, for the ledger, where the owner reads it: one line of 1 to 200 characters.</param>
/// <param name="Amount">Credits, 1 to what the job spent and was not yet given back; all of that if it is left out.</param>
internal sealed record NewRefund(Guid JobId, [Line(NewGrant.MaximumReasonLength)] string Reason, [Amount(1)] long? Amount = null);

/// <summary>An operation that is in the ledger, since now or since the Idempotency-Key was first sent.</summary>
/// <param name="Entry">Its line.</param>
/// <param name="Credits">The account's balance right after it.</param>
internal sealed record AppliedOperation(OperatorsLedgerLine Entry, CreditAmounts Credits)
{
    public static AppliedOperation Of(CreditEntry entry) =>
        new(OperatorsLedgerLine.Of(entry), new CreditAmounts(entry.AvailableAfter, entry.ReservedAfter));
}

/// <summary>One line of an account's ledger, as operators see it.</summary>
/// <param name="Seq">Its number: 1, 2, 3, … without a gap.</param>
/// <param name="OpId">The operation that wrote it.</param>
/// <param name="Kind">As the owner sees it.</param>
/// <param name="Amount">As the owner sees it.</param>
/// <param name="AvailableAfter">Available credits after it.</param>
/// <param name="ReservedAfter">Reserved credits after it.</param>
/// <param name="HoldId">The hold concerned, which bears the id of its job; null if there is none.</param>
/// <param name="JobId">The job concerned; null if there is none.</param>
/// <param name="Source">Where granted credits came from; null for other kinds.</param>
/// <param name="ExpiresAt">When the granted credits lapse, or the hold that was opened or extended returns; else null.</param>
/// <param name="GrantId">The id of the grant that this line is, or whose rest lapsed; null for other kinds.</param>
/// <param name="ByOperator">Whether an operator did it by hand.</param>
/// <param name="Actor">The operator's name; null if nobody did it by hand.</param>
/// <param name="OtherAccountId">The account that credits were moved to or came from; null for other kinds.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
internal sealed record OperatorsLedgerLine(
    long Seq,
    Guid OpId,
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
    string? Actor,
    Guid? OtherAccountId,
    string Reason,
    DateTimeOffset At)
{
    public static OperatorsLedgerLine Of(CreditEntry entry)
    {
        var line = LedgerLine.Of(entry);
        return new OperatorsLedgerLine(
            line.Seq,
            entry.OpId,
            line.Kind,
            line.Amount,
            line.AvailableAfter,
            line.ReservedAfter,
            line.HoldId,
            line.JobId,
            line.Source,
            line.ExpiresAt,
            line.GrantId,
            line.ByOperator,
            entry.Actor,
            entry.OtherAccountId,
            line.Reason,
            line.At);
    }
}
