namespace AX2Caption.Grains.Abstractions.Credits;

/// <summary>
/// The credits of one account; the key is the account's id. Every operation carries an id: the same operation again gets
/// the first answer, another operation under the same id is a <see cref="CreditResult.Conflict"/>. A caller that did not
/// get an answer repeats the call with the same id.
/// </summary>
[Alias("ax2.IUserCreditGrain")]
public interface IUserCreditGrain : IGrainWithGuidKey
{
    /// <summary>The balance; zero for an account that was never granted anything.</summary>
    [Alias("GetBalance")]
    Task<CreditBalance> GetBalance(CancellationToken cancellationToken);

    /// <summary>The ledger from the newest entry down.</summary>
    /// <param name="before">Only entries with a lower <see cref="CreditEntry.Seq"/>; null for the newest.</param>
    /// <param name="limit">How many at the most, 1 to 200.</param>
    /// <param name="cancellationToken">Gives up the read.</param>
    [Alias("ListEntries")]
    Task<CreditEntryPage> ListEntries(long? before, int limit, CancellationToken cancellationToken);

    /// <summary>The balance with all that makes it up.</summary>
    [Alias("GetOverview")]
    Task<CreditOverview> GetOverview(CancellationToken cancellationToken);

    /// <summary>The ledger from the newest entry down, filtered.</summary>
    [Alias("QueryEntries")]
    Task<CreditEntryPage> QueryEntries(CreditEntryQuery query, CancellationToken cancellationToken);

    /// <summary>Adds credits.</summary>
    [Alias("Grant")]
    Task<CreditResult> Grant(GrantCredits command);

    /// <summary>Moves credits from available to a new hold.</summary>
    [Alias("Reserve")]
    Task<CreditResult> Reserve(ReserveCredits command);

    /// <summary>Lets a hold live longer.</summary>
    [Alias("Extend")]
    Task<CreditResult> Extend(ExtendHold command);

    /// <summary>Spends up to the held amount; the rest returns to available.</summary>
    [Alias("Settle")]
    Task<CreditResult> Settle(SettleHold command);

    /// <summary>Returns the whole hold to available.</summary>
    [Alias("Release")]
    Task<CreditResult> Release(ReleaseHold command);

    /// <summary>Gives back credits that a hold spent, never more than it spent.</summary>
    [Alias("Refund")]
    Task<CreditResult> Refund(RefundCredits command);

    /// <summary>Adds or takes away available credits by hand.</summary>
    [Alias("Adjust")]
    Task<CreditResult> Adjust(AdjustCredits command);

    /// <summary>Returns every hold whose time is over to available, and takes away what is left of grants whose time is over.</summary>
    /// <returns>How many holds and grants that were.</returns>
    [Alias("ExpireHolds")]
    Task<int> ExpireHolds();
}
