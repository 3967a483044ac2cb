using System.Security.Cryptography;
using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Sessions;
using AX2Caption.Grains.Sessions;
using AX2Caption.Grains.Tests.Accounts;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Sessions;

[Collection<CreditCluster>]
public sealed class RefreshingASession(ServiceFixture service) : ClusterScenario(service)
{
    private static readonly SessionOptions Options = new();

    private readonly Device device = new();

    [Fact]
    public async Task A_guests_session_begins_and_starting_it_again_answers_the_same()
    {
        var guestId = await Service.NewGuest();

        var started = await device.StartAsGuest(Service.Grains, guestId);

        Assert.Equal(new LiveSession(
            device.SessionId, guestId, AccountKind.Guest, IsAdmin: false, Service.Clock.GetUtcNow() + Options.IdleLifetime), started);
        Service.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(started, await device.StartAsGuest(Service.Grains, guestId));
        Assert.Equal(started, await device.Find(Service.Grains));
        await device.Refresh(Service.Grains);
    }

    [Fact]
    public async Task Nobody_is_signed_in_as_a_guest_to_a_members_account()
    {
        var memberId = await Service.NewMember();

        await Assert.ThrowsAnyAsync<Exception>(() => device.StartAsGuest(Service.Grains, memberId));

        Assert.Null(await device.Find(Service.Grains));
    }

    [Fact]
    public async Task Each_refresh_gives_another_token_and_prolongs_the_session_up_to_its_absolute_end()
    {
        var began = Service.Clock.GetUtcNow();
        await device.StartAsGuest(Service.Grains, await Service.NewGuest());
        for (var days = 20; days <= 80; days += 20)
        {
            Service.Clock.Advance(TimeSpan.FromDays(20));
            var refreshed = Assert.IsType<RefreshResult.Refreshed>(await device.Show(Service.Grains));
            Assert.NotEqual(device.Token, refreshed.TokenSecret);
            var idle = began.AddDays(days) + Options.IdleLifetime;
            var absolute = began + Options.AbsoluteLifetime;
            Assert.Equal(idle < absolute ? idle : absolute, refreshed.Session.ExpiresAt);
            await device.Refresh(Service.Grains); // the lost answer again
        }

        Service.Clock.Advance(TimeSpan.FromDays(10));
        Assert.Null(await device.Find(Service.Grains));
        Assert.IsType<RefreshResult.Ended>(await device.Show(Service.Grains));
    }

    [Fact]
    public async Task Two_refreshes_at_once_on_two_clusters_get_the_same_token()
    {
        await using var rival = await Service.StartRival();
        IGrainFactory[] clusters = [Service.Grains, rival.Client];
        await device.StartAsGuest(Service.Grains, await Service.NewGuest());
        for (var generation = 0; generation < Options.MaximumReplaysInRow; generation++)
        {
            var results = await Task.WhenAll(clusters.Concat(clusters).Select(cluster => device.Show(cluster)));

            Assert.Single(results.Select(result => Convert.ToHexString(Assert.IsType<RefreshResult.Refreshed>(result).TokenSecret)).Distinct());
            await device.Refresh(clusters[generation % 2]);
        }
    }

    [Fact]
    public async Task An_old_token_after_the_grace_ends_the_session_everywhere_and_is_noted()
    {
        await using var rival = await Service.StartRival();
        var guestId = await Service.NewGuest();
        await device.StartAsGuest(Service.Grains, guestId);
        var stolen = await device.Refresh(Service.Grains);
        Service.Clock.Advance(Options.ParentGrace + TimeSpan.FromMicroseconds(1));
        Assert.NotNull(await device.Find(rival.Client));

        Assert.IsType<RefreshResult.Ended>(await device.Show(rival.Client, stolen));

        Assert.Null(await device.Find(Service.Grains));
        Assert.Null(await device.Find(rival.Client));
        Assert.IsType<RefreshResult.Ended>(await device.Show(Service.Grains));
        Assert.IsType<RefreshResult.Ended>(await device.Show(rival.Client));
        Assert.Equal(1, await Service.Value<long>(
            "select count(*) from audit_event where kind = 'refresh_token_reused' and account_id = $1 and actor_id is null", guestId));
    }

    [Fact]
    public async Task The_refusal_the_end_and_its_note_are_one_commit()
    {
        await device.StartAsGuest(Service.Grains, await Service.NewGuest());
        await using var log = await HeldRow.Take(Service, "lock table audit_event in exclusive mode");
        var refusal = device.Show(Service.Grains, RandomNumberGenerator.GetBytes(32));
        await log.Blocks(refusal);
        Assert.NotNull(await device.Find(Service.Grains));

        await log.Release();

        Assert.IsType<RefreshResult.Ended>(await refusal);
        Assert.Null(await device.Find(Service.Grains));
        Assert.Equal(1, await Service.Events("refresh_token_reused"));
    }

    [Fact]
    public async Task A_token_of_another_family_changes_nothing()
    {
        await device.StartAsGuest(Service.Grains, await Service.NewGuest());

        Assert.IsType<RefreshResult.NotAToken>(await device.Show(Service.Grains, family: RandomNumberGenerator.GetBytes(32)));
        Assert.IsType<RefreshResult.NotAToken>(await new Device().Show(Service.Grains));

        Assert.NotNull(await device.Find(Service.Grains));
        Assert.Equal(0, await Service.Value<long>("select count(*) from audit_event"));
        await device.Refresh(Service.Grains);
    }
}
