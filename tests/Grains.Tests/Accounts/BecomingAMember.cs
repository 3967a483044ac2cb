using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Time;

namespace AX2Caption.Grains.Tests.Accounts;

[Collection<CreditCluster>]
public sealed class BecomingAMember(ServiceFixture service) : ClusterScenario(service)
{
    [Fact]
    public async Task A_member_gets_the_grant()
    {
        var accountId = Guid.CreateVersion7();

        var member = await Service.Account(accountId).CreateMember();

        Assert.Equal(new AccountSnapshot(accountId, AccountKind.Member, Service.Clock.UtcNow(), MergedInto: null), member);
        Assert.Equal(new CreditBalance(AccountExtensions.MemberGrant, 0), await Service.Balance(accountId));
        Assert.Equal(member, await Service.Account(accountId).Get(Ct));
    }

    [Fact]
    public async Task Asked_again_and_at_once_from_both_silos_it_is_the_same_member_with_one_grant()
    {
        var accountId = Guid.CreateVersion7();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => Service.From(silo: i).GetGrain<IAccountGrain>(accountId).CreateMember()));
        Service.Clock.Advance(TimeSpan.FromHours(1));
        var later = await Service.Account(accountId).CreateMember();

        Assert.All(answers, answer => Assert.Equal(later, answer));
        Assert.Single(await Service.Ledger(accountId));
    }

    [Fact]
    public async Task A_guest_does_not_become_a_member_by_its_id_nor_a_member_a_guest()
    {
        var guestId = await Service.NewGuest();
        var memberId = await Service.NewMember();

        await Assert.ThrowsAsync<InvalidOperationException>(() => Service.Account(guestId).CreateMember());
        await Assert.ThrowsAsync<InvalidOperationException>(() => Service.Account(memberId).CreateGuest());

        Assert.Equal(AccountKind.Guest, (await Service.Account(guestId).Get(Ct))?.Kind);
        Assert.Equal(AccountKind.Member, (await Service.Account(memberId).Get(Ct))?.Kind);
        Assert.Single(await Service.Ledger(guestId));
        Assert.Single(await Service.Ledger(memberId));
    }

    [Fact]
    public async Task An_account_that_does_not_exist_is_null() => Assert.Null(await Service.Account(Guid.CreateVersion7()).Get(Ct));
}
