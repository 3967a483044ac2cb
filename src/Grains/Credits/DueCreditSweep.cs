using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Time;
using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Credits;

/// <summary>Ends holds and grants whose time is over in accounts that nobody wakes.</summary>
internal sealed class DueCreditSweep(CreditStore store, IGrainFactory grains, TimeProvider time) : ISweep
{
    public string Name => "expired holds and grants";

    public async Task<int> Run(int limit, CancellationToken cancellationToken)
    {
        var ended = 0;
        var accounts = await store.AccountsWithDue(time.UtcNow(), limit, cancellationToken);
        await EachRow.Finish(accounts, async accountId => ended += await grains.GetGrain<IUserCreditGrain>(accountId).ExpireHolds());
        return ended;
    }
}
