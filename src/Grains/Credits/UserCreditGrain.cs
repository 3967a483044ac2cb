using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Time;
using Microsoft.Extensions.Logging;

namespace AX2Caption.Grains.Credits;

/// <summary>
/// Serialises the credit operations of one account. Its memory is a cache: the ledger's fence decides, so a second
/// activation elsewhere, a lost answer or a crash can delay an operation but never apply it twice or lose it.
/// </summary>
internal sealed partial class UserCreditGrain(CreditStore store, TimeProvider time, ILogger<UserCreditGrain> logger)
    : Grain, IUserCreditGrain
{
    /// <summary>How often an operation is decided again after another activation moved the account.</summary>
    private const int MaximumDecisions = 10;

    private CreditAccount? cached;

    private Guid AccountId => this.GetPrimaryKey();

    public async Task<CreditBalance> GetBalance(CancellationToken cancellationToken)
    {
        // Read from the store: another activation may have moved the account since this one last looked.
        cached = await store.Load(AccountId, cancellationToken);
        return (cached ?? CreditAccount.Empty).Balance;
    }

    public Task<CreditEntryPage> ListEntries(long? before, int limit, CancellationToken cancellationToken) =>
        store.List(AccountId, before, Math.Clamp(limit, 1, 200), cancellationToken);

    public Task<CreditResult> Grant(GrantCredits command) => Decide(CreditOperation.Of(command));

    public Task<CreditResult> Reserve(ReserveCredits command) => Decide(CreditOperation.Of(command));

    public Task<CreditResult> Settle(SettleHold command) => Decide(CreditOperation.Of(command));

    public Task<CreditResult> Release(ReleaseHold command) => Decide(CreditOperation.Of(command));

    public Task<CreditOverview> GetOverview(CancellationToken cancellationToken) => throw new NotImplementedException();

    public Task<CreditEntryPage> QueryEntries(CreditEntryQuery query, CancellationToken cancellationToken) => throw new NotImplementedException();

    public Task<CreditResult> Extend(ExtendHold command) => throw new NotImplementedException();

    public Task<CreditResult> Refund(RefundCredits command) => throw new NotImplementedException();

    public Task<CreditResult> Adjust(AdjustCredits command) => throw new NotImplementedException();

    public async Task<int> ExpireHolds()
    {
        cached = await store.Load(AccountId);
        return cached is null ? 0 : await Expire([.. cached.DueHolds(time.UtcNow())]);
    }

    private async Task<CreditResult> Decide(CreditOperation operation)
    {
        for (var round = 0; round < MaximumDecisions; round++)
        {
            if (await store.LookUp(AccountId, operation) is not { } facts)
            {
                return new CreditResult.AccountNotFound();
            }

            if (cached?.Seq != facts.Seq)
            {
                cached = await store.Load(AccountId);
                continue;
            }

            // Only here is it certain that memory holds every open hold, also those that another activation opened.
            if (operation.Kind != CreditEntryKind.Expire && cached.DueHolds(time.UtcNow()).ToList() is [_, ..] due)
            {
                await Expire(due);
                continue;
            }

            if (facts.Entry is not null)
            {
                return operation.RequestHash().AsSpan().SequenceEqual(facts.RequestHash)
                    ? new CreditResult.Applied(facts.Entry, facts.Hold)
                    : new CreditResult.Conflict(operation.OpId);
            }

            var endedHold = facts.Hold is { State: not CreditHoldState.Open } ? facts.Hold : null;
            switch (cached.Decide(operation, endedHold, time.UtcNow()))
            {
                case CreditDecision.Refuse refused:
                    return refused.Result;
                case CreditDecision.Write write when await TryCommit(operation, write):
                    return new CreditResult.Applied(write.Entry, write.Hold);
            }

            LogFenceLost(AccountId, operation.OpId, round);
            cached = null;
        }

        throw new TimeoutException($"The account was moved by others {MaximumDecisions} times; call again with the same operation id.");
    }

    private async Task<int> Expire(IReadOnlyList<CreditHold> due)
    {
        var expired = 0;
        foreach (var hold in due)
        {
            if (await Decide(CreditOperation.Expire(hold)) is CreditResult.Applied)
            {
                expired++;
            }
        }

        return expired;
    }

    private async Task<bool> TryCommit(CreditOperation operation, CreditDecision.Write write)
    {
        cached = null; // until the commit is known: if it throws, its outcome is unknown and memory must not be trusted
        if (!await store.Commit(AccountId, operation, write))
        {
            return false;
        }

        cached = write.After;
        return true;
    }

    [LoggerMessage(LogLevel.Warning, "Account {AccountId} was moved by another activation; deciding {OpId} again (round {Round}).")]
    private partial void LogFenceLost(Guid accountId, Guid opId, int round);
}
