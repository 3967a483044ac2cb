using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Credits;

namespace AX2Caption.Grains.Tests.Credits;

/// <summary>
/// The simplest ledger that can be right: credits are packets that lie in the account or in a hold, each with its end, and
/// every question is answered by looking at all of them.
/// </summary>
internal sealed class NaiveLedger(CreditLimits limits)
{
    private readonly List<Packet> free = [];
    private readonly Dictionary<Guid, List<Packet>> held = [];
    private readonly Dictionary<Guid, Int128> settled = [];
    private readonly Dictionary<Guid, Int128> refunded = [];

    public Dictionary<Guid, CreditHold> Holds { get; } = [];

    public int Entries { get; private set; }

    public IEnumerable<CreditHold> Open => Holds.Values.Where(hold => hold.State == CreditHoldState.Open);

    public Int128 Available => Sum(free.Select(packet => packet.Amount));

    public Int128 Reserved => Sum(Open.Select(hold => (Int128)hold.Amount));

    public IEnumerable<ExpiringGrant> Grants => free
        .Where(packet => packet.ExpiresAt is not null)
        .GroupBy(packet => (packet.GrantId, packet.ExpiresAt))
        .Select(grant => new ExpiringGrant(grant.Key.GrantId, (long)Sum(grant.Select(packet => packet.Amount)), grant.Key.ExpiresAt!.Value));

    /// <summary>Settled and refunded credits of an ended hold.</summary>
    public EndedHold? Ended(Guid holdId) => Holds.TryGetValue(holdId, out var hold) && hold.State != CreditHoldState.Open
        ? new EndedHold(hold, (long)settled.GetValueOrDefault(holdId), (long)refunded.GetValueOrDefault(holdId))
        : null;

    /// <summary>Time passes: holds end, then grants.</summary>
    public void EndDue(DateTimeOffset now)
    {
        foreach (var hold in Open.Where(hold => hold.ExpiresAt <= now).ToList())
            End(hold.HoldId, CreditHoldState.Expired, spent: 0);
        Entries += Grants.Count(grant => grant.ExpiresAt <= now);
        free.RemoveAll(packet => packet.ExpiresAt <= now);
    }

    /// <summary>Applies the operation, or answers with its refusal.</summary>
    public CreditResult? Apply(CreditOperation operation, DateTimeOffset now)
    {
        if (Refusal(operation, now) is { } refusal)
            return refusal;

        var holdId = operation.HoldId ?? Guid.Empty;
        switch (operation.Kind)
        {
            case CreditEntryKind.Grant:
                free.Add(new Packet(operation.OpId, operation.Amount!.Value, operation.ExpiresAt));
                break;
            case CreditEntryKind.Reserve:
                held[holdId] = Take(operation.Amount!.Value);
                Holds.Add(holdId, new CreditHold(holdId, operation.Amount.Value, CreditHoldState.Open, operation.ExpiresAt!.Value));
                break;
            case CreditEntryKind.Extend:
                Holds[holdId] = Holds[holdId] with { ExpiresAt = operation.ExpiresAt!.Value };
                break;
            case CreditEntryKind.Settle:
                End(holdId, CreditHoldState.Settled, operation.Amount!.Value);
                return null;
            case CreditEntryKind.Release:
                End(holdId, CreditHoldState.Released, spent: 0);
                return null;
            case CreditEntryKind.Refund:
                var amount = operation.Amount ?? settled[holdId] - refunded[holdId];
                refunded[holdId] += amount;
                free.Add(new Packet(operation.OpId, amount, ExpiresAt: null));
                break;
            case CreditEntryKind.Adjust when operation.Amount > 0:
                free.Add(new Packet(operation.OpId, operation.Amount.Value, ExpiresAt: null));
                break;
            case CreditEntryKind.Adjust:
                Take(-operation.Amount!.Value);
                break;
        }

        Entries++;
        return null;
    }

    private CreditResult? Refusal(CreditOperation operation, DateTimeOffset now)
    {
        var amount = (Int128)(operation.Amount ?? 0);
        var hold = operation.HoldId is { } id ? Holds.GetValueOrDefault(id) : null;
        var tooMuch = Available + Reserved + amount > CreditAccount.MaximumCredits ? new CreditResult.InvalidAmount((long)amount) : null;
        return operation.Kind switch
        {
            CreditEntryKind.Grant when amount <= 0 || tooMuch is not null => new CreditResult.InvalidAmount((long)amount),
            CreditEntryKind.Grant when operation.ExpiresAt <= now => new CreditResult.InvalidExpiry(operation.ExpiresAt.Value),
            CreditEntryKind.Grant => operation.ExpiresAt is not null && Grants.Count() >= limits.ExpiringGrants
                ? new CreditResult.LimitReached(limits.ExpiringGrants) : null,
            CreditEntryKind.Adjust when amount == 0 || amount < -CreditAccount.MaximumCredits => new CreditResult.InvalidAmount((long)amount),
            CreditEntryKind.Adjust => amount + Available < 0 ? new CreditResult.InsufficientCredits(-(long)amount, (long)Available) : tooMuch,
            CreditEntryKind.Reserve when hold is not null => new CreditResult.HoldNotOpen(hold),
            CreditEntryKind.Reserve when amount <= 0 => new CreditResult.InvalidAmount((long)amount),
            CreditEntryKind.Reserve when operation.ExpiresAt <= now => new CreditResult.InvalidExpiry(operation.ExpiresAt.Value),
            CreditEntryKind.Reserve when amount > Available => new CreditResult.InsufficientCredits((long)amount, (long)Available),
            CreditEntryKind.Reserve => Open.Count() >= limits.OpenHolds ? new CreditResult.LimitReached(limits.OpenHolds) : null,
            _ when hold is null => new CreditResult.HoldNotFound(operation.HoldId!.Value),
            CreditEntryKind.Refund when hold.State != CreditHoldState.Settled => new CreditResult.HoldNotSettled(hold),
            CreditEntryKind.Refund => RefundRefusal(hold.HoldId, operation.Amount),
            _ when hold.State != CreditHoldState.Open => new CreditResult.HoldNotOpen(hold),
            CreditEntryKind.Settle => amount < 0 || amount > hold.Amount ? new CreditResult.InvalidAmount((long)amount) : null,
            CreditEntryKind.Extend => operation.ExpiresAt <= hold.ExpiresAt ? new CreditResult.InvalidExpiry(operation.ExpiresAt!.Value) : null,
            _ => null,
        };
    }

    private CreditResult.InvalidAmount? RefundRefusal(Guid holdId, long? asked)
    {
        var left = settled[holdId] - refunded[holdId];
        var amount = asked ?? left;
        return amount <= 0 || amount > left || Available + Reserved + amount > CreditAccount.MaximumCredits
            ? new CreditResult.InvalidAmount((long)amount)
            : null;
    }

    private void End(Guid holdId, CreditHoldState state, long spent)
    {
        Entries++;
        Holds[holdId] = Holds[holdId] with { State = state };
        settled[holdId] = spent;
        refunded[holdId] = 0;
        free.AddRange(Split(held[holdId], spent).Left);
    }

    private List<Packet> Take(Int128 amount)
    {
        var (taken, rest) = Split(free, amount);
        free.Clear();
        free.AddRange(rest);
        return taken;
    }

    /// <summary>What ends first goes first.</summary>
    private static (List<Packet> Taken, List<Packet> Left) Split(IEnumerable<Packet> packets, Int128 amount)
    {
        var (taken, rest) = (new List<Packet>(), new List<Packet>());
        foreach (var packet in packets.OrderBy(packet => packet.ExpiresAt ?? DateTimeOffset.MaxValue).ThenBy(packet => packet.GrantId))
        {
            var part = Int128.Min(packet.Amount, amount);
            amount -= part;
            if (part > 0)
                taken.Add(packet with { Amount = part });
            if (part < packet.Amount)
                rest.Add(packet with { Amount = packet.Amount - part });
        }

        return (taken, rest);
    }

    private static Int128 Sum(IEnumerable<Int128> values) => values.Aggregate(Int128.Zero, (sum, value) => sum + value);

    private sealed record Packet(Guid GrantId, Int128 Amount, DateTimeOffset? ExpiresAt);
}
