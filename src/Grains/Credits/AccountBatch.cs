using AX2Caption.Grains.Abstractions.Credits;

namespace AX2Caption.Grains.Credits;

/// <summary>
/// Operations of one account that are decided one after the other and written together, or not at all. What is written is
/// their entries, and of each hold and grant only how it ends up.
/// </summary>
internal sealed class AccountBatch(Guid accountId, CreditAccount before)
{
    private readonly CreditAccount before = before;
    private readonly Dictionary<Guid, EndedHold> ended = [];

    public Guid AccountId => accountId;

    /// <summary>The fence: the batch counts only if the account still stands at this number.</summary>
    public long Expected => before.Seq;

    public CreditAccount After { get; private set; } = before;

    public List<(CreditEntry Entry, byte[] RequestHash)> Entries { get; } = [];

    /// <summary>Holds as they end up, by id.</summary>
    public Dictionary<Guid, OpenHold> Holds { get; } = [];

    /// <summary>Grants as they end up, by id; of some nothing is left.</summary>
    public Dictionary<Guid, ExpiringGrant> Grants { get; } = [];

    /// <summary>Whether a hold is one that this batch opens.</summary>
    public bool Opens(Guid holdId) => !before.OpenHolds.ContainsKey(holdId);

    /// <summary>A hold that is open or was changed here; null for one that ended earlier or never was.</summary>
    public CreditHold? HoldNow(Guid holdId) => (Holds.GetValueOrDefault(holdId) ?? After.OpenHolds.GetValueOrDefault(holdId))?.Hold;

    /// <summary>Ends the holds and grants whose time is over.</summary>
    /// <returns>How many those were.</returns>
    public int EndDue(DateTimeOffset now)
    {
        if (After.NextExpiry > now)
        {
            return 0;
        }

        var count = Entries.Count;
        foreach (var hold in After.DueHolds(now))
        {
            Write(CreditOperation.Expire(hold));
        }

        // After the holds, since these may have returned credits to a grant that is over.
        foreach (var grant in After.DueGrants(now))
        {
            Write(CreditOperation.Lapse(grant, After.Seq));
        }

        After = After.WithExactExpiry();
        return Entries.Count - count;

        void Write(CreditOperation operation) =>
            Add(operation, (CreditDecision.Write)After.Decide(operation, ended: null, CreditLimits.None, now));
    }

    /// <summary>Decides an operation that is not in the ledger on top of those before it.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="known">Its hold, if the ledger knows that it has ended.</param>
    /// <param name="limits">What the account may have open.</param>
    /// <param name="now">Stamped on its entry.</param>
    /// <returns>Its answer, which counts once the batch is written.</returns>
    public CreditResult Decide(CreditOperation operation, EndedHold? known, CreditLimits limits, DateTimeOffset now)
    {
        // The operation before may have returned credits to a grant that is over.
        EndDue(now);
        var hold = operation.HoldId is { } id && ended.TryGetValue(id, out var here) ? here : known;
        switch (After.Decide(operation, hold, limits, now))
        {
            case CreditDecision.Write write:
                Add(operation, write);
                return write.Applied;
            case CreditDecision.Refuse refuse:
                return refuse.Result;
            case var unknown:
                throw new InvalidOperationException($"Unknown decision {unknown.GetType().Name}.");
        }
    }

    private void Add(CreditOperation operation, CreditDecision.Write write)
    {
        After = write.After;
        Entries.Add((write.Entry, operation.RequestHash()));
        if (write.Hold is { } hold)
        {
            Holds[hold.Hold.HoldId] = hold;
        }

        if (write.Ended is { } gone)
        {
            ended[gone.Hold.HoldId] = gone;
        }

        foreach (var grant in write.Grants)
        {
            Grants[grant.GrantId] = grant;
        }
    }
}
