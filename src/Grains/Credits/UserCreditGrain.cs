using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Time;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace AX2Caption.Grains.Credits;

/// <summary>
/// Serialises the credit operations of one account. Calls interleave, so that those that come while a commit is under way
/// share the next one; their order is that of the queue. Memory is a cache: the ledger's fence decides, so a second activation
/// elsewhere, a lost answer or a crash can delay an operation but never apply it twice or lose it.
/// </summary>
[Reentrant]
internal sealed class UserCreditGrain : Grain, IUserCreditGrain
{
    /// <summary>No timer is set for longer; it fires then and is set again.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly CreditStore store;
    private readonly TimeProvider time;
    private readonly AccountQueue queue;
    private IGrainTimer? expiry;
    private DateTimeOffset armedFor = DateTimeOffset.MaxValue;

    public UserCreditGrain(
        IGrainContext context,
        ILedger ledger,
        CreditStore store,
        IOptions<LedgerOptions> ledgerOptions,
        IOptions<CreditOptions> creditOptions,
        TimeProvider time,
        ILogger<UserCreditGrain> logger)
    {
        this.store = store;
        this.time = time;
        queue = new AccountQueue(context.GrainId.GetGuidKey(), ledger, ledgerOptions.Value, creditOptions.Value.Limits, time, Arm, logger);
    }

    private Guid AccountId => this.GetPrimaryKey();

    public async Task<CreditBalance> GetBalance(CancellationToken cancellationToken) => (await Current(cancellationToken)).Balance;

    public async Task<CreditOverview> GetOverview(CancellationToken cancellationToken)
    {
        var account = await Current(cancellationToken);
        return new CreditOverview(
            account.Balance,
            [.. account.OpenHolds.Values.Select(open => open.Hold).OrderBy(hold => hold.ExpiresAt).ThenBy(hold => hold.HoldId)],
            account.Grants);
    }

    public Task<CreditEntryPage> ListEntries(long? before, int limit, CancellationToken cancellationToken) =>
        QueryEntries(new CreditEntryQuery(before, limit), cancellationToken);

    public Task<CreditEntryPage> QueryEntries(CreditEntryQuery query, CancellationToken cancellationToken) =>
        store.List(AccountId, query, cancellationToken);

    public Task<CreditResult> Grant(GrantCredits command) => queue.Submit(CreditOperation.Of(command));

    public Task<CreditResult> Reserve(ReserveCredits command) => queue.Submit(CreditOperation.Of(command));

    public Task<CreditResult> Extend(ExtendHold command) => queue.Submit(CreditOperation.Of(command));

    public Task<CreditResult> Settle(SettleHold command) => queue.Submit(CreditOperation.Of(command));

    public Task<CreditResult> Release(ReleaseHold command) => queue.Submit(CreditOperation.Of(command));

    public Task<CreditResult> Refund(RefundCredits command) => queue.Submit(CreditOperation.Of(command));

    public Task<CreditResult> Adjust(AdjustCredits command) => queue.Submit(CreditOperation.Of(command));

    public Task<int> ExpireHolds() => queue.EndDue();

    /// <summary>Read from the store: another activation may have moved the account. What is due does not count any more.</summary>
    private async Task<CreditAccount> Current(CancellationToken cancellationToken)
    {
        var account = await Read();
        if (account.NextExpiry > time.UtcNow())
        {
            return account;
        }

        await queue.EndDue();
        return await Read();

        async Task<CreditAccount> Read() =>
            await store.Load(AccountId, cancellationToken) is LoadedAccount.Found { Account: var found } ? found : CreditAccount.Empty;
    }

    private void Arm(DateTimeOffset next)
    {
        if (next >= armedFor)
        {
            return;
        }

        armedFor = next;
        var wait = TimeSpan.FromTicks(Math.Clamp((next - time.UtcNow()).Ticks, 0, LongestWait.Ticks));
        expiry ??= this.RegisterGrainTimer(
            EndDue, new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { Interleave = true });
        expiry.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private async Task EndDue(CancellationToken cancellationToken)
    {
        // Set anew by the queue when it learns of the next one; if it fires too early, nothing was due, and this sets it again. What
        // counts is the time before the queue looks: it may have been too early then, and no more when it has looked.
        var (fired, now) = (armedFor, time.UtcNow());
        armedFor = DateTimeOffset.MaxValue;
        if (await queue.EndDue() == 0 && fired > now)
        {
            Arm(fired);
        }
    }
}
