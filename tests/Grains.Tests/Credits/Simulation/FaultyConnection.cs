using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Credits;

namespace AX2Caption.Grains.Tests.Credits.Simulation;

/// <summary>
/// One activation's way to the ledger: every request takes its time on the way there and back, and may fail on either. A request
/// that was sent may still arrive after its sender has died.
/// </summary>
internal sealed class FaultyConnection(SimulatedWorld world, SimulatedLedger ledger, Seen seen) : ILedger
{
    /// <summary>What an operation says that the database refuses.</summary>
    public const string Poison = "Poison.";

    /// <summary>How seldom something goes wrong.</summary>
    private const int Luck = 12;

    public async Task<LoadedAccount> Load(Guid accountId)
    {
        await TravelThere();
        var account = ledger.Load();
        await TravelBack();
        return new LoadedAccount.Found(account);
    }

    public async Task<LedgerFacts> LookUp(Guid accountId, IReadOnlyCollection<CreditOperation> operations)
    {
        await TravelThere();
        var facts = ledger.LookUp(operations);
        await TravelBack();
        return facts;
    }

    public async Task<CommitOutcome> Commit(AccountBatch batch)
    {
        if (world.OneIn(Luck * 4))
            return Seen.Once(ref seen.Full, new CommitOutcome.Full());

        await world.Later();
        if (world.OneIn(Luck))
            return Seen.Once(ref seen.LostBeforeCommit, new CommitOutcome.Doubtful());
        if (batch.Entries.Any(written => written.Entry.Reason == Poison))
            return Seen.Once(ref seen.Rejected, new CommitOutcome.Rejected(new InvalidOperationException("Poison.")));

        var outcome = ledger.Commit(batch);
        await world.Later();
        switch (outcome)
        {
            case CommitOutcome.Doubtful:
                seen.FenceHeld++;
                break;
            case CommitOutcome.Rejected:
                seen.HoldReopened++;
                break;
            case CommitOutcome.Committed when world.OneIn(Luck):
                return Seen.Once(ref seen.LostAfterCommit, new CommitOutcome.Doubtful());
            case CommitOutcome.Committed:
                seen.LargestBatch = Math.Max(seen.LargestBatch, batch.Entries.Count);
                break;
        }

        return outcome;
    }

    private async Task TravelThere()
    {
        await world.Later();
        Break();
    }

    private async Task TravelBack()
    {
        await world.Later();
        Break();
    }

    private void Break()
    {
        if (world.OneIn(Luck * 2))
            throw new ServiceUnavailableException("The connection is gone.");
    }
}
