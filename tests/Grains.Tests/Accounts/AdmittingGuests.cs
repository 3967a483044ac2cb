using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Accounts;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Time;

namespace AX2Caption.Grains.Tests.Accounts;

[Collection<CreditCluster>]
public sealed class AdmittingGuests(ServiceFixture service) : ClusterScenario(service)
{
    private const string Home = "192.0.2.1";
    private const string Elsewhere = "2001:db8:1::/64";

    /// <summary>The smallest step that PostgreSQL keeps.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMicroseconds(1);

    private static readonly int Limit = new AccountOptions().GuestsPerNetworkAndDay;

    [Fact]
    public async Task A_guest_is_admitted_with_the_grant()
    {
        var accountId = Guid.CreateVersion7();

        var admitted = Assert.IsType<AdmitGuestResult.Admitted>(await Service.Account(accountId).AdmitGuest(Home));

        Assert.Equal(
            new GuestAccount(accountId, Service.Clock.UtcNow(), new CreditBalance(CustomerExtensions.GuestGrant, 0)), admitted.Account);
        var grant = Assert.Single(await Service.Ledger(accountId));
        Assert.Equal(CreditEntryKind.Grant, grant.Kind);
    }

    [Fact]
    public async Task The_last_place_of_a_day_is_given_and_the_next_one_when_the_first_guest_came_a_day_ago()
    {
        await Admit(Home, guests: 1);
        Service.Clock.Advance(TimeSpan.FromHours(1));
        await Admit(Home, guests: Limit - 1);

        Assert.Equal(new AdmitGuestResult.TooManyGuests(Limit, TimeSpan.FromHours(23)), await AdmitOne(Home));
        Service.Clock.Advance(TimeSpan.FromHours(23) - Moment);
        Assert.Equal(new AdmitGuestResult.TooManyGuests(Limit, Moment), await AdmitOne(Home));
        Service.Clock.Advance(Moment);
        await Admit(Home, guests: 1);
        Assert.Equal(new AdmitGuestResult.TooManyGuests(Limit, TimeSpan.FromHours(1)), await AdmitOne(Home));
    }

    [Fact]
    public async Task Under_a_limit_that_was_lowered_the_wait_is_until_enough_of_them_no_longer_count()
    {
        for (var i = 0; i < 3; i++)
        {
            await Admit(Home, guests: 1);
            Service.Clock.Advance(TimeSpan.FromHours(1));
        }

        var refused = await Service.Service<GuestAdmissionStore>().Admit(Guid.CreateVersion7(), Home, limit: 2, Service.Clock.UtcNow());

        Assert.Equal(new GuestAdmission.Refused(TimeSpan.FromHours(22)), refused);
    }

    [Fact]
    public async Task Who_is_refused_leaves_nothing_behind()
    {
        await Admit(Home, guests: Limit);
        var accountId = Guid.CreateVersion7();

        Assert.IsType<AdmitGuestResult.TooManyGuests>(await Service.Account(accountId).AdmitGuest(Home));

        Assert.Null(await Service.Account(accountId).Get(Ct));
        Assert.Equal(Limit, await Service.Value<long>("select count(*) from credit_account"));
    }

    [Fact]
    public async Task One_network_takes_no_place_from_another()
    {
        await Admit(Home, guests: Limit);

        await Admit(Elsewhere, guests: 1);
    }

    [Fact]
    public async Task The_same_guest_again_gets_the_same_answer_and_counts_once_also_when_no_place_is_left()
    {
        var account = Service.Account(Guid.CreateVersion7());
        var first = await account.AdmitGuest(Home);
        Assert.Equal(first, await account.AdmitGuest(Home));
        await Admit(Home, guests: Limit - 1);

        Assert.Equal(first, await account.AdmitGuest(Home));
        Assert.IsType<AdmitGuestResult.TooManyGuests>(await AdmitOne(Home));
    }

    [Fact]
    public async Task The_same_guest_at_once_from_everywhere_is_one_guest_who_counts_once()
    {
        await using var rival = await Service.StartRival();
        var accountId = Guid.CreateVersion7();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            (i % 2 == 0 ? Service.Grains : rival.Client).GetGrain<IAccountGrain>(accountId).AdmitGuest(i % 4 < 2 ? Home : Elsewhere)));

        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        Assert.Equal(1, await Service.Value<long>("select count(*) from guest_admission"));
        Assert.Single(await Service.Ledger(accountId));
    }

    [Fact]
    public async Task At_once_from_both_silos_and_a_rival_cluster_just_as_many_are_admitted_as_may()
    {
        await using var rival = await Service.StartRival();
        IGrainFactory[] doors = [Service.From(silo: 0), Service.From(silo: 1), rival.Client];

        var results = await Task.WhenAll(Enumerable.Range(0, 3 * Limit).Select(i =>
            doors[i % doors.Length].GetGrain<IAccountGrain>(Guid.CreateVersion7()).AdmitGuest(Home)));

        Assert.Equal(Limit, results.Count(result => result is AdmitGuestResult.Admitted));
        Assert.Equal(Limit, await Service.Value<long>("select count(*) from account"));
        Assert.All(results.Where(result => result is not AdmitGuestResult.Admitted), result =>
            Assert.Equal(new AdmitGuestResult.TooManyGuests(Limit, TimeSpan.FromDays(1)), result));
    }

    [Fact]
    public async Task A_crash_before_the_grant_is_made_good_by_asking_again()
    {
        var accountId = Guid.CreateVersion7();
        await Service.Service<GuestAdmissionStore>().Admit(accountId, Home, Limit, Service.Clock.UtcNow());

        var admitted = Assert.IsType<AdmitGuestResult.Admitted>(await Service.Account(accountId).AdmitGuest(Home));

        Assert.Equal(CustomerExtensions.GuestGrant, admitted.Account.Credits.Available);
    }

    [Fact]
    public async Task A_network_has_1_to_64_characters()
    {
        var account = Service.Account(Guid.CreateVersion7());

        await Assert.ThrowsAsync<ArgumentException>(() => account.AdmitGuest(""));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => account.AdmitGuest(new string('a', 65)));
        Assert.Null(await account.Get(Ct));
        Assert.IsType<AdmitGuestResult.Admitted>(await account.AdmitGuest(new string('a', 64)));
    }

    [Fact]
    public async Task A_member_is_not_admitted_as_a_guest()
    {
        var memberId = await Service.NewMember();

        await Assert.ThrowsAsync<InvalidOperationException>(() => Service.Account(memberId).AdmitGuest(Home));

        Assert.Equal(AccountKind.Member, (await Service.Account(memberId).Get(Ct))?.Kind);
        Assert.Equal(0, await Service.Value<long>("select count(*) from guest_admission"));
    }

    [Fact]
    public async Task Where_a_guest_came_from_is_swept_after_a_day_and_the_guest_stays()
    {
        await Admit(Home, guests: 2);
        Service.Clock.Advance(TimeSpan.FromDays(1) - Moment);
        Assert.Equal(0, await Service.Sweep<GuestAdmissionSweep>());
        await Admit(Home, guests: 1);
        Service.Clock.Advance(Moment);

        Assert.Equal(2, await Service.Sweep<GuestAdmissionSweep>());
        Assert.Equal(0, await Service.Sweep<GuestAdmissionSweep>());

        Assert.Equal(3, await Service.Value<long>("select count(*) from account"));
        await Admit(Home, guests: Limit - 1);
        Assert.IsType<AdmitGuestResult.TooManyGuests>(await AdmitOne(Home));
    }

    private Task<AdmitGuestResult> AdmitOne(string network) => Service.Account(Guid.CreateVersion7()).AdmitGuest(network);

    private async Task Admit(string network, int guests)
    {
        for (var i = 0; i < guests; i++)
            Assert.IsType<AdmitGuestResult.Admitted>(await AdmitOne(network));
    }
}
