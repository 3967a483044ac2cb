using AX2Caption.Grains.Time;
using AX2Caption.Grains.Work;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Accounts;

/// <summary>
/// Deletes once more what deleted accounts left: a crash may have come between, and a worker that was at it may have stored
/// something after the first time.
/// </summary>
internal sealed class AccountPurgeSweep(
    AccountDeletion deletion, IOptions<AccountOptions> options, TimeProvider time) : ISweep
{
    public string Name => "deleted accounts";

    public async Task<int> Run(int limit, CancellationToken cancellationToken)
    {
        var accounts = await deletion.ToPurge(time.UtcNow() - options.Value.PurgeAgainAfter, limit, cancellationToken);
        await EachRow.Finish(accounts, async accountId =>
        {
            // Not by the account's grain: a large account takes longer than a call may.
            await deletion.Purge(accountId);
            await deletion.Purged(accountId);
        });
        return accounts.Count;
    }
}
