using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Accounts;

[Collection<CreditCluster>]
public sealed class BecomingAGuest(ServiceFixture service) : ClusterScenario(service)
{
    [Fact]
    public async Task A_guest_gets_the_grant()
    {
        var guest = await Service.Grains.GetGrain<IAccountGrain>(Guid.CreateVersion7()).CreateGuest();

        Assert.Equal(new CreditBalance(CustomerExtensions.GuestGrant, 0), guest.Credits);
        Assert.Equal(Service.Clock.GetUtcNow(), guest.CreatedAt);
    }

    [Fact]
    public async Task Asked_again_and_at_once_from_both_silos_it_is_the_same_guest_with_one_grant()
    {
        var accountId = Guid.CreateVersion7();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Service.From(silo: i).GetGrain<IAccountGrain>(accountId).CreateGuest()));
        Service.Clock.Advance(TimeSpan.FromHours(1));
        var later = await Service.Grains.GetGrain<IAccountGrain>(accountId).CreateGuest();

        Assert.All(answers, answer => Assert.Equal(later, answer));
        Assert.Single(await Service.Ledger(accountId));
    }

    [Fact]
    public async Task A_crash_before_the_grant_is_made_good_by_asking_again()
    {
        var accountId = Guid.CreateVersion7();
        await Service.Execute("insert into account (account_id, kind, created_at) values ($1, 'guest', now())", accountId);
        await Service.Execute("insert into credit_account (account_id) values ($1)", accountId);

        var guest = await Service.Grains.GetGrain<IAccountGrain>(accountId).CreateGuest();

        Assert.Equal(CustomerExtensions.GuestGrant, guest.Credits.Available);
    }
}
