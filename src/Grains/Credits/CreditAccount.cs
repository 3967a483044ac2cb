using System.Collections.Immutable;
using AX2Caption.Grains.Abstractions.Credits;

namespace AX2Caption.Grains.Credits;

/// <summary>
/// The pure core of one account's credits: state and operation give a new state with its ledger entry, or a refusal.
/// It holds what is open only; a hold that has ended is passed in from the store by whoever asks about it.
/// </summary>
/// <param name="Seq">The number of the last entry.</param>
/// <param name="Available">Free to use, <paramref name="Grants"/> included.</param>
/// <param name="Reserved">The sum of <paramref name="OpenHolds"/>.</param>
/// <param name="OpenHolds">By id.</param>
/// <param name="Grants">The part of the available credits that lapses, what lapses first coming first; none is empty.</param>
/// <param name="NextExpiry">No hold or grant ends before this; it may be earlier than the first that does.</param>
internal sealed record CreditAccount(
    long Seq,
    long Available,
    long Reserved,
    ImmutableDictionary<Guid, OpenHold> OpenHolds,
    ImmutableArray<ExpiringGrant> Grants,
    DateTimeOffset NextExpiry)
{
    /// <summary>More than this no account can carry, so that no sum overflows.</summary>
    public const long MaximumCredits = 1_000_000_000_000;

    public static CreditAccount Empty { get; } = Of(0, 0, 0, [], []);

    public CreditBalance Balance => new(Available, Reserved);

    public static CreditAccount Of(
        long seq, long available, long reserved, IReadOnlyCollection<OpenHold> openHolds, IReadOnlyCollection<ExpiringGrant> grants) => new(
            seq,
            available,
            reserved,
            openHolds.ToImmutableDictionary(hold => hold.Hold.HoldId),
            [.. grants.OrderBy(grant => grant.ExpiresAt).ThenBy(grant => grant.GrantId)],
            Earliest(openHolds, grants));

    /// <summary>The open holds whose time is over, in the order in which they are to expire.</summary>
    public IEnumerable<CreditHold> DueHolds(DateTimeOffset now) => NextExpiry > now
        ? []
        : OpenHolds.Values.Select(open => open.Hold).Where(hold => hold.ExpiresAt <= now)
            .OrderBy(hold => hold.ExpiresAt).ThenBy(hold => hold.HoldId);

    /// <summary>The grants whose time is over.</summary>
    public IEnumerable<ExpiringGrant> DueGrants(DateTimeOffset now) => Grants.Where(grant => grant.ExpiresAt <= now);

    /// <summary>The same account, its <see cref="NextExpiry"/> looked up again.</summary>
    public CreditAccount WithExactExpiry() => this with { NextExpiry = Earliest([.. OpenHolds.Values], Grants) };

    /// <param name="operation">What is asked; not in the ledger yet.</param>
    /// <param name="ended">The operation's hold if it is known to have ended.</param>
    /// <param name="limits">What the account may have open.</param>
    /// <param name="now">Stamped on the entry.</param>
    public CreditDecision Decide(CreditOperation operation, EndedHold? ended, CreditLimits limits, DateTimeOffset now) =>
        operation.Kind switch
    {
        CreditEntryKind.Grant => Grant(operation, limits, now),
        CreditEntryKind.Reserve => Reserve(operation, ended, limits, now),
        CreditEntryKind.Extend => Extend(operation, ended, now),
        CreditEntryKind.Settle or CreditEntryKind.Release or CreditEntryKind.Expire => End(operation, ended, now),
        CreditEntryKind.Refund => Refund(operation, ended, now),
        CreditEntryKind.Adjust => Adjust(operation, now),
        CreditEntryKind.Lapse => Lapse(operation, now),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation.Kind, "Not a kind of operation."),
    };

    private CreditDecision Grant(CreditOperation operation, CreditLimits limits, DateTimeOffset now)
    {
        var amount = operation.Amount!.Value;
        if (amount <= 0 || !CanCarry(amount))
        {
            return Refuse(new CreditResult.InvalidAmount(amount));
        }

        if (operation.ExpiresAt is not { } expiresAt)
        {
            return Write(operation, now, amount, Available + amount, Reserved);
        }

        if (expiresAt <= now)
        {
            return Refuse(new CreditResult.InvalidExpiry(expiresAt));
        }

        if (Grants.Length >= limits.ExpiringGrants)
        {
            return Refuse(new CreditResult.LimitReached(limits.ExpiringGrants));
        }

        var grants = Grants.Put(new GrantShare(operation.OpId, amount, expiresAt));
        return Write(operation, now, amount, Available + amount, Reserved, grants: grants);
    }

    private CreditDecision Reserve(CreditOperation operation, EndedHold? ended, CreditLimits limits, DateTimeOffset now)
    {
        var (holdId, amount, expiresAt) = (operation.HoldId!.Value, operation.Amount!.Value, operation.ExpiresAt!.Value);
        if ((ended?.Hold ?? OpenHolds.GetValueOrDefault(holdId)?.Hold) is { } existing)
        {
            return Refuse(new CreditResult.HoldNotOpen(existing));
        }

        if (amount <= 0)
        {
            return Refuse(new CreditResult.InvalidAmount(amount));
        }

        if (expiresAt <= now)
        {
            return Refuse(new CreditResult.InvalidExpiry(expiresAt));
        }

        if (amount > Available)
        {
            return Refuse(new CreditResult.InsufficientCredits(amount, Available));
        }

        if (OpenHolds.Count >= limits.OpenHolds)
        {
            return Refuse(new CreditResult.LimitReached(limits.OpenHolds));
        }

        var (left, taken) = Grants.Take(amount);
        var hold = new OpenHold(new CreditHold(holdId, amount, CreditHoldState.Open, expiresAt), taken);
        return Write(operation, now, amount, Available - amount, Reserved + amount, hold, left);
    }

    private CreditDecision Extend(CreditOperation operation, EndedHold? ended, DateTimeOffset now)
    {
        if (!OpenHolds.TryGetValue(operation.HoldId!.Value, out var open))
        {
            return NotOpen(operation, ended);
        }

        var expiresAt = operation.ExpiresAt!.Value;
        return expiresAt > open.Hold.ExpiresAt
            ? Write(operation, now, 0, Available, Reserved, open with { Hold = open.Hold with { ExpiresAt = expiresAt } })
            : Refuse(new CreditResult.InvalidExpiry(expiresAt));
    }

    private CreditDecision End(CreditOperation operation, EndedHold? ended, DateTimeOffset now)
    {
        if (!OpenHolds.TryGetValue(operation.HoldId!.Value, out var open))
        {
            return NotOpen(operation, ended);
        }

        var (state, spent) = operation.Kind switch
        {
            CreditEntryKind.Settle => (CreditHoldState.Settled, operation.Amount!.Value),
            CreditEntryKind.Release => (CreditHoldState.Released, 0),
            _ => (CreditHoldState.Expired, 0),
        };
        var held = open.Hold.Amount;
        if (spent < 0 || spent > held)
        {
            return Refuse(new CreditResult.InvalidAmount(spent));
        }

        // The entry of a settlement says what was spent, that of a release or an expiry what came back.
        var amount = state == CreditHoldState.Settled ? spent : held;
        var over = open with { Hold = open.Hold with { State = state } };
        var grants = open.Unspent(spent).Aggregate(Grants, (left, share) => left.Put(share));
        return Write(operation, now, amount, Available + held - spent, Reserved - held, over, grants);
    }

    private CreditDecision Refund(CreditOperation operation, EndedHold? ended, DateTimeOffset now)
    {
        var holdId = operation.HoldId!.Value;
        if (ended is null)
        {
            return Refuse(OpenHolds.TryGetValue(holdId, out var open)
                ? new CreditResult.HoldNotSettled(open.Hold)
                : new CreditResult.HoldNotFound(holdId));
        }

        if (ended.Hold.State != CreditHoldState.Settled)
        {
            return Refuse(new CreditResult.HoldNotSettled(ended.Hold));
        }

        var left = ended.Settled - ended.Refunded;
        var amount = operation.Amount ?? left;
        if (amount <= 0 || amount > left || !CanCarry(amount))
        {
            return Refuse(new CreditResult.InvalidAmount(amount));
        }

        var refunded = ended with { Refunded = ended.Refunded + amount };
        return Write(operation, now, amount, Available + amount, Reserved) with { Ended = refunded };
    }

    private CreditDecision Adjust(CreditOperation operation, DateTimeOffset now)
    {
        var amount = operation.Amount!.Value;
        if (amount == 0 || amount < -MaximumCredits || !CanCarry(amount))
        {
            return Refuse(new CreditResult.InvalidAmount(amount));
        }

        if (amount < -Available)
        {
            return Refuse(new CreditResult.InsufficientCredits(-amount, Available));
        }

        return Write(operation, now, amount, Available + amount, Reserved, grants: amount < 0 ? Grants.Take(-amount).Left : Grants);
    }

    private CreditDecision Lapse(CreditOperation operation, DateTimeOffset now)
    {
        var grant = Grants.Single(grant => grant.GrantId == operation.GrantId);
        return Write(operation, now, grant.Remaining, Available - grant.Remaining, Reserved, grants: Grants.Remove(grant));
    }

    private CreditDecision.Write Write(
        CreditOperation operation,
        DateTimeOffset now,
        long amount,
        long available,
        long reserved,
        OpenHold? hold = null,
        ImmutableArray<ExpiringGrant>? grants = null)
    {
        var entry = new CreditEntry(
            Seq + 1, operation.OpId, operation.Kind, operation.HoldId, amount, available, reserved, operation.Reason, now,
            operation.Source, operation.ExpiresAt, operation.GrantId, OtherAccountId: null, operation.Actor);
        var openHolds = hold switch
        {
            null => OpenHolds,
            { Hold.State: CreditHoldState.Open } => OpenHolds.SetItem(hold.Hold.HoldId, hold),
            _ => OpenHolds.Remove(hold.Hold.HoldId),
        };
        var left = grants ?? Grants;
        var after = new CreditAccount(Seq + 1, available, reserved, openHolds, left, Sooner(NextExpiry, operation.ExpiresAt, left));
        var ended = hold is null or { Hold.State: CreditHoldState.Open }
            ? null
            : new EndedHold(hold.Hold, Settled: operation.Kind == CreditEntryKind.Settle ? amount : 0, Refunded: 0);
        return new CreditDecision.Write(after, entry, hold, ended, Changed(left));
    }

    /// <summary>Grants that are new or different in <paramref name="left"/>, and, empty, those that are gone.</summary>
    private ImmutableArray<ExpiringGrant> Changed(ImmutableArray<ExpiringGrant> left)
    {
        if (left == Grants)
        {
            return [];
        }

        var gone = Grants.ExceptBy(left.Select(grant => grant.GrantId), grant => grant.GrantId);
        return [.. left.Except(Grants), .. gone.Select(grant => grant with { Remaining = 0 })];
    }

    private bool CanCarry(long more) => more <= MaximumCredits - Available - Reserved;

    private static CreditDecision.Refuse NotOpen(CreditOperation operation, EndedHold? ended) => Refuse(ended is null
        ? new CreditResult.HoldNotFound(operation.HoldId!.Value)
        : new CreditResult.HoldNotOpen(ended.Hold));

    private static CreditDecision.Refuse Refuse(CreditResult result) => new(result);

    private static DateTimeOffset Sooner(DateTimeOffset known, DateTimeOffset? added, ImmutableArray<ExpiringGrant> grants)
    {
        var sooner = added < known ? added.Value : known;
        return grants is [var first, ..] && first.ExpiresAt < sooner ? first.ExpiresAt : sooner;
    }

    private static DateTimeOffset Earliest(IReadOnlyCollection<OpenHold> openHolds, IReadOnlyCollection<ExpiringGrant> grants) =>
        openHolds.Select(open => open.Hold.ExpiresAt).Concat(grants.Select(grant => grant.ExpiresAt)).Append(DateTimeOffset.MaxValue).Min();
}
