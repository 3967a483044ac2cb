using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Credits;

namespace AX2Caption.Grains.Tests.Credits;

/// <summary>The simplest ledger that can be right: it remembers everything and adds it up again each time it is asked.</summary>
internal sealed class NaiveLedger
{
    private readonly List<Int128> grants = [];
    private readonly List<Int128> spent = [];

    public Dictionary<Guid, CreditHold> Holds { get; } = [];

    public int Entries { get; private set; }

    public IEnumerable<CreditHold> Open => Holds.Values.Where(hold => hold.State == CreditHoldState.Open);

    public Int128 Reserved => Sum(Open.Select(hold => (Int128)hold.Amount));

    public Int128 Available => Sum(grants) - Sum(spent) - Reserved;

    /// <summary>Applies the operation, or answers with its refusal.</summary>
    public CreditResult? Apply(CreditOperation operation)
    {
        if (Refusal(operation) is { } refusal)
            return refusal;

        Entries++;
        switch (operation.Kind)
        {
            case CreditEntryKind.Grant:
                grants.Add(operation.Amount);
                break;
            case CreditEntryKind.Reserve:
                Holds.Add(operation.HoldId!.Value, new CreditHold(operation.HoldId.Value, operation.Amount, CreditHoldState.Open, operation.ExpiresAt!.Value));
                break;
            case CreditEntryKind.Settle:
                spent.Add(operation.Amount);
                End(CreditHoldState.Settled);
                break;
            case CreditEntryKind.Release:
                End(CreditHoldState.Released);
                break;
            case CreditEntryKind.Expire:
                End(CreditHoldState.Expired);
                break;
        }

        return null;

        void End(CreditHoldState state) => Holds[operation.HoldId!.Value] = Holds[operation.HoldId.Value] with { State = state };
    }

    private CreditResult? Refusal(CreditOperation operation)
    {
        var amount = (Int128)operation.Amount;
        var hold = operation.HoldId is { } id ? Holds.GetValueOrDefault(id) : null;
        return operation.Kind switch
        {
            CreditEntryKind.Grant => amount <= 0 || Available + Reserved + amount > CreditAccount.MaximumCredits
                ? new CreditResult.InvalidAmount(operation.Amount) : null,
            CreditEntryKind.Reserve when hold is not null => new CreditResult.HoldNotOpen(hold),
            CreditEntryKind.Reserve when amount <= 0 => new CreditResult.InvalidAmount(operation.Amount),
            CreditEntryKind.Reserve => amount > Available ? new CreditResult.InsufficientCredits(operation.Amount, (long)Available) : null,
            _ when hold is null => new CreditResult.HoldNotFound(operation.HoldId!.Value),
            _ when hold.State != CreditHoldState.Open => new CreditResult.HoldNotOpen(hold),
            CreditEntryKind.Settle => amount < 0 || amount > hold.Amount ? new CreditResult.InvalidAmount(operation.Amount) : null,
            _ => null,
        };
    }

    private static Int128 Sum(IEnumerable<Int128> values) => values.Aggregate(Int128.Zero, (sum, value) => sum + value);
}
