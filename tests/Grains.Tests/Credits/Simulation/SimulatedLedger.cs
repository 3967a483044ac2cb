using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Credits;

namespace AX2Caption.Grains.Tests.Credits.Simulation;

/// <summary>The tables of one account in memory, with the fence that PostgreSQL would hold. Everything here happens at once or not at all.</summary>
internal sealed class SimulatedLedger
{
    private readonly Dictionary<Guid, OpenHold> holds = [];
    private readonly Dictionary<Guid, ExpiringGrant> grants = [];

    public long Available { get; private set; }

    public long Reserved { get; private set; }

    public List<(CreditEntry Entry, byte[] RequestHash)> Entries { get; } = [];

    public long Seq => Entries.Count;

    public IEnumerable<CreditHold> OpenHolds => holds.Values.Select(open => open.Hold).Where(hold => hold.State == CreditHoldState.Open);

    public IEnumerable<ExpiringGrant> Grants => grants.Values.Where(grant => grant.Remaining > 0);

    public CreditAccount Load() => CreditAccount.Of(
        Seq, Available, Reserved, [.. holds.Values.Where(open => open.Hold.State == CreditHoldState.Open)], [.. Grants]);

    public LedgerFacts LookUp(IReadOnlyCollection<CreditOperation> operations)
    {
        var asked = operations.Select(operation => operation.OpId).ToHashSet();
        return new LedgerFacts(
            Seq,
            Entries.Where(written => asked.Contains(written.Entry.OpId)).ToDictionary(written => written.Entry.OpId),
            operations.Select(operation => operation.HoldId).OfType<Guid>().Distinct()
                .Where(id => holds.TryGetValue(id, out var open) && open.Hold.State != CreditHoldState.Open)
                .ToDictionary(id => id, id => new EndedHold(holds[id].Hold, Sum(CreditEntryKind.Settle, id), Sum(CreditEntryKind.Refund, id))));
    }

    public CommitOutcome Commit(AccountBatch batch)
    {
        var known = Entries.Select(written => written.Entry.OpId).ToHashSet();
        if (batch.Expected != Seq || batch.Entries.Any(written => known.Contains(written.Entry.OpId)))
            return new CommitOutcome.Doubtful();
        if (batch.Holds.Keys.Any(id => batch.Opens(id) && holds.ContainsKey(id)))
            return new CommitOutcome.Rejected(new InvalidOperationException("The hold's key is taken."));

        Entries.AddRange(batch.Entries);
        (Available, Reserved) = (batch.After.Available, batch.After.Reserved);
        foreach (var (id, open) in batch.Holds)
            holds[id] = open;
        foreach (var (id, grant) in batch.Grants)
            grants[id] = grant;
        return new CommitOutcome.Committed();
    }

    private long Sum(CreditEntryKind kind, Guid holdId) =>
        Entries.Where(written => written.Entry.Kind == kind && written.Entry.HoldId == holdId).Sum(written => written.Entry.Amount);
}
