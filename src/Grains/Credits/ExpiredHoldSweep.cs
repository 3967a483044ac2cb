using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Time;
using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Credits;

/// <summary>Ends holds whose time is over in accounts that nobody wakes.</summary>
internal sealed class ExpiredHoldSweep(CreditStore store, IGrainFactory grains, TimeProvider time) : ISweep
{
    public string Name => "expired holds";

    public async Task<int> Run(int limit, CancellationToken cancellationToken)
    {
        var expired = 0;
        var accounts = await store.AccountsWithDueHolds(time.UtcNow(), limit, cancellationToken);
        await EachRow.Finish(accounts, async accountId => expired += await grains.GetGrain<IUserCreditGrain>(accountId).ExpireHolds());
        return expired;
    }
}
