using AX2Caption.Grains.Abstractions.Credits;

namespace AX2Caption.Grains.Credits;

/// <summary>What the ledger holds on some operations.</summary>
/// <param name="Seq">The account's number when this was so.</param>
/// <param name="Operations">Those of them that were applied, by id, with the hash of what was asked.</param>
/// <param name="EndedHolds">Those of their holds that have ended, by id.</param>
internal sealed record LedgerFacts(
    long Seq,
    IReadOnlyDictionary<Guid, (CreditEntry Entry, byte[] RequestHash)> Operations,
    IReadOnlyDictionary<Guid, EndedHold> EndedHolds)
{
    /// <summary>The answer to an operation that the ledger knows; null if it was never done.</summary>
    /// <param name="operation">What is asked.</param>
    /// <param name="batch">Where its hold may have changed since.</param>
    public CreditResult? AnswerTo(CreditOperation operation, AccountBatch? batch = null)
    {
        if (!Operations.TryGetValue(operation.OpId, out var known))
        {
            return null;
        }

        if (!operation.RequestHash().AsSpan().SequenceEqual(known.RequestHash))
        {
            return new CreditResult.Conflict(operation.OpId);
        }

        var changed = operation.HoldId is { } holdId ? batch?.HoldNow(holdId) : null;
        return new CreditResult.Applied(known.Entry, changed ?? EndedHoldOf(operation)?.Hold);
    }

    /// <summary>The operation's hold, if it has ended.</summary>
    public EndedHold? EndedHoldOf(CreditOperation operation) =>
        operation.HoldId is { } holdId ? EndedHolds.GetValueOrDefault(holdId) : null;
}
