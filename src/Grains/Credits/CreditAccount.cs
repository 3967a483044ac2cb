using System.Collections.Immutable;
using AX2Caption.Grains.Abstractions.Credits;

namespace AX2Caption.Grains.Credits;

/// <summary>
/// The pure core of one account's credits: state and operation give a new state with its ledger entry, or a refusal.
/// It holds open holds only; one that has ended is passed in from the store by whoever asks about it.
/// </summary>
internal sealed record CreditAccount(long Seq, long Available, long Reserved, ImmutableDictionary<Guid, CreditHold> OpenHolds)
{
    /// <summary>More than this no account can carry, so that no sum overflows.</summary>
    public const long MaximumCredits = 1_000_000_000_000;

    public static CreditAccount Empty { get; } = new(0, 0, 0, ImmutableDictionary<Guid, CreditHold>.Empty);

    public CreditBalance Balance => new(Available, Reserved);

    /// <summary>The open holds whose time is over, in the order in which they are to expire.</summary>
    public IEnumerable<CreditHold> DueHolds(DateTimeOffset now) =>
        OpenHolds.Values.Where(hold => hold.ExpiresAt <= now).OrderBy(hold => hold.ExpiresAt).ThenBy(hold => hold.HoldId);

    /// <param name="operation">What is asked; not in the ledger yet.</param>
    /// <param name="endedHold">The operation's hold if it is known to have ended.</param>
    /// <param name="now">Stamped on the entry.</param>
    public CreditDecision Decide(CreditOperation operation, CreditHold? endedHold, DateTimeOffset now) => operation.Kind switch
    {
        CreditEntryKind.Grant => Grant(operation, now),
        CreditEntryKind.Reserve => Reserve(operation, endedHold, now),
        CreditEntryKind.Settle or CreditEntryKind.Release or CreditEntryKind.Expire => End(operation, endedHold, now),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation.Kind, "Unknown kind of operation."),
    };

    private CreditDecision Grant(CreditOperation operation, DateTimeOffset now) =>
        operation.Amount <= 0 || operation.Amount > MaximumCredits - Available - Reserved
            ? Refuse(new CreditResult.InvalidAmount(operation.Amount))
            : Write(operation, now, Available + operation.Amount, Reserved, hold: null);

    private CreditDecision Reserve(CreditOperation operation, CreditHold? endedHold, DateTimeOffset now)
    {
        var holdId = operation.HoldId!.Value;
        if ((endedHold ?? OpenHolds.GetValueOrDefault(holdId)) is { } existing)
        {
            return Refuse(new CreditResult.HoldNotOpen(existing));
        }

        if (operation.Amount <= 0)
        {
            return Refuse(new CreditResult.InvalidAmount(operation.Amount));
        }

        if (operation.Amount > Available)
        {
            return Refuse(new CreditResult.InsufficientCredits(operation.Amount, Available));
        }

        var hold = new CreditHold(holdId, operation.Amount, CreditHoldState.Open, operation.ExpiresAt!.Value);
        return Write(operation, now, Available - operation.Amount, Reserved + operation.Amount, hold);
    }

    private CreditDecision End(CreditOperation operation, CreditHold? endedHold, DateTimeOffset now)
    {
        var holdId = operation.HoldId!.Value;
        if (!OpenHolds.TryGetValue(holdId, out var hold))
        {
            return Refuse(endedHold is null ? new CreditResult.HoldNotFound(holdId) : new CreditResult.HoldNotOpen(endedHold));
        }

        var (state, spent) = operation.Kind switch
        {
            CreditEntryKind.Settle => (CreditHoldState.Settled, operation.Amount),
            CreditEntryKind.Release => (CreditHoldState.Released, 0),
            _ => (CreditHoldState.Expired, 0),
        };
        return spent < 0 || spent > hold.Amount
            ? Refuse(new CreditResult.InvalidAmount(spent))
            : Write(operation, now, Available + hold.Amount - spent, Reserved - hold.Amount, hold with { State = state });
    }

    private CreditDecision.Write Write(CreditOperation operation, DateTimeOffset now, long available, long reserved, CreditHold? hold)
    {
        // The entry of a release or an expiry says what came back; the operation itself carries no amount.
        var amount = operation.Kind is CreditEntryKind.Release or CreditEntryKind.Expire ? hold!.Amount : operation.Amount;
        var entry = new CreditEntry(
            Seq + 1, operation.OpId, operation.Kind, operation.HoldId, amount, available, reserved, operation.Reason, now);
        var openHolds = hold switch
        {
            null => OpenHolds,
            { State: CreditHoldState.Open } => OpenHolds.Add(hold.HoldId, hold),
            _ => OpenHolds.Remove(hold.HoldId),
        };
        return new CreditDecision.Write(new CreditAccount(Seq + 1, available, reserved, openHolds), entry, hold);
    }

    private static CreditDecision.Refuse Refuse(CreditResult result) => new(result);
}

internal abstract record CreditDecision
{
    private CreditDecision()
    {
    }

    /// <summary>To be written: the account after it, its entry, and the hold it opened or ended.</summary>
    public sealed record Write(CreditAccount After, CreditEntry Entry, CreditHold? Hold) : CreditDecision;

    /// <summary>Nothing to write.</summary>
    public sealed record Refuse(CreditResult Result) : CreditDecision;
}
