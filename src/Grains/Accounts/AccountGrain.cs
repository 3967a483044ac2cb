using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Credits;
using AX2Caption.Grains.Identity;
using AX2Caption.Grains.Time;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Accounts;

internal sealed class AccountGrain(AccountStore store, IOptions<CreditOptions> options, TimeProvider time) : Grain, IAccountGrain
{
    public async Task<GuestAccount> CreateGuest()
    {
        var accountId = this.GetPrimaryKey();
        var createdAt = await store.CreateGuest(accountId, time.UtcNow());
        var credits = GrainFactory.GetGrain<IUserCreditGrain>(accountId);
        if (options.Value.GuestGrant > 0)
        {
            // The id makes the grant happen once, however often a crash or a lost answer makes this run.
            await credits.Grant(new GrantCredits(DerivedId.From(accountId, "guest-grant"), options.Value.GuestGrant, "Welcome, guest."));
        }

        return new GuestAccount(accountId, createdAt, await credits.GetBalance(CancellationToken.None));
    }

    public Task<AdmitGuestResult> AdmitGuest(string network) => throw new NotImplementedException();

    public Task<AccountSnapshot> CreateMember() => throw new NotImplementedException();

    public Task<AdoptGuestResult> AdoptGuest(Guid guestId) => throw new NotImplementedException();

    public Task<AccountSnapshot?> Get(CancellationToken cancellationToken) => throw new NotImplementedException();
}
