namespace AX2Caption.Grains.Credits;

/// <summary>The ledger in PostgreSQL.</summary>
internal sealed class Ledger(CreditStore store, LedgerWriter writer) : ILedger
{
    public Task<LoadedAccount> Load(Guid accountId) => store.Load(accountId);

    public Task<LedgerFacts> LookUp(Guid accountId, IReadOnlyCollection<CreditOperation> operations) => store.LookUp(accountId, operations);

    public Task<CommitOutcome> Commit(AccountBatch batch) => writer.Commit(batch);
}
