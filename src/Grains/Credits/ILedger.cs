namespace AX2Caption.Grains.Credits;

/// <summary>The ledger as one account's queue sees it. A fault of any of these leaves the outcome unknown.</summary>
internal interface ILedger
{
    /// <summary>The account as of one moment.</summary>
    Task<LoadedAccount> Load(Guid accountId);

    /// <summary>What is known of these operations and their holds, as of the moment at which the account stood at that seq.</summary>
    Task<LedgerFacts> LookUp(Guid accountId, IReadOnlyCollection<CreditOperation> operations);

    /// <summary>Writes the batch if the account still stands where it began and none of its operations is in the ledger.</summary>
    Task<CommitOutcome> Commit(AccountBatch batch);
}

/// <summary>An account as it was loaded.</summary>
internal abstract record LoadedAccount
{
    private LoadedAccount()
    {
    }

    public sealed record Found(CreditAccount Account) : LoadedAccount;

    public sealed record NotFound : LoadedAccount;

    /// <summary>It was a guest's and has become a member's.</summary>
    public sealed record Moved(Guid AccountId) : LoadedAccount;
}

/// <summary>How the attempt to write a batch ended.</summary>
internal abstract record CommitOutcome
{
    private CommitOutcome()
    {
    }

    /// <summary>It is durable.</summary>
    public sealed record Committed : CommitOutcome;

    /// <summary>
    /// The account had moved, one of the operations was in the ledger already, or the connection died and nobody knows: what is
    /// in the ledger has to be looked up.
    /// </summary>
    public sealed record Doubtful : CommitOutcome;

    /// <summary>The database refuses what the batch says; nothing of it is written.</summary>
    public sealed record Rejected(Exception Fault) : CommitOutcome;

    /// <summary>Too much is waiting to be written; nothing of it is written.</summary>
    public sealed record Full : CommitOutcome;
}
