using System.Security.Cryptography;
using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Sessions;
using AX2Caption.Grains.Accounts;
using AX2Caption.Grains.Sessions;
using AX2Caption.Grains.Tests.Accounts;
using AX2Caption.Grains.Tests.Cluster;
using static AX2Caption.Grains.Tests.Accounts.MemberExtensions;

namespace AX2Caption.Grains.Tests.Sessions;

[Collection<CreditCluster>]
public sealed class EndingSessions(ServiceFixture service) : ClusterScenario(service)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMicroseconds(1);

    [Fact]
    public async Task A_device_signs_out_with_any_of_its_tokens_and_no_other_does()
    {
        await Service.SignUp();
        var (device, other) = (await Service.NewDevice(), await Service.NewDevice());
        await device.Refresh(Service.Grains);

        Assert.False(await Service.Grains.GetGrain<ISessionGrain>(device.SessionId).End(RandomNumberGenerator.GetBytes(32), Origin()));
        Assert.NotNull(await device.Find(Service.Grains));
        Assert.True(await device.End(Service.Grains));
        Assert.True(await device.End(Service.Grains));
        Assert.False(await new Device().End(Service.Grains));

        Assert.Null(await device.Find(Service.Grains));
        Assert.IsType<RefreshResult.Ended>(await device.Show(Service.Grains));
        Assert.NotNull(await other.Find(Service.Grains));
        Assert.Equal(1, await Service.Events("signed_out"));
    }

    [Fact]
    public async Task Sessions_that_live_are_listed_newest_first()
    {
        var memberId = await Service.SignUp();
        await Service.SignUp("eve@example.com");
        await Service.NewDevice("eve@example.com");
        var first = await Service.NewDevice();
        var began = Service.Clock.GetUtcNow();
        Service.Clock.Advance(TimeSpan.FromHours(1));
        var second = await Service.NewDevice();
        var ended = await Service.NewDevice();
        await ended.End(Service.Grains);
        Service.Clock.Advance(TimeSpan.FromHours(1));
        await first.Refresh(Service.Grains);

        Assert.Equal(
            [
                new SessionSnapshot(second.SessionId, began.AddHours(1), began.AddHours(1), began.AddHours(1).AddDays(30), "192.0.2.10", "Test/1.0"),
                new SessionSnapshot(first.SessionId, began, began.AddHours(2), began.AddHours(2).AddDays(30), "192.0.2.10", "Test/1.0"),
            ],
            await Index(memberId).List(Ct));

        Service.Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromHours(1));
        Assert.Equal([first.SessionId], (await Index(memberId).List(Ct)).Select(session => session.SessionId));
    }

    [Fact]
    public async Task One_session_is_ended_from_another_device_by_its_owner_alone_and_once()
    {
        var memberId = await Service.SignUp();
        var strangerId = await Service.SignUp("eve@example.com");
        var (device, other) = (await Service.NewDevice(), await Service.NewDevice());

        Assert.False(await Index(strangerId).End(device.SessionId, Origin()));
        Assert.False(await Index(memberId).End(Guid.CreateVersion7(), Origin()));
        Assert.NotNull(await device.Find(Service.Grains));
        Assert.True(await Index(memberId).End(device.SessionId, Origin()));
        Assert.True(await Index(memberId).End(device.SessionId, Origin()));
        Assert.False(await Index(strangerId).End(device.SessionId, Origin()));

        Assert.Null(await device.Find(Service.Grains));
        Assert.NotNull(await other.Find(Service.Grains));
        Assert.Equal(1, await Service.Events("session_ended"));
    }

    [Fact]
    public async Task A_session_that_ran_out_cannot_be_ended_any_more()
    {
        var memberId = await Service.SignUp();
        var device = await Service.NewDevice();
        Service.Clock.Advance(TimeSpan.FromDays(30));

        Assert.False(await Index(memberId).End(device.SessionId, Origin()));

        Assert.Equal(0, await Service.Events("session_ended"));
    }

    [Fact]
    public async Task All_sessions_of_one_account_end_at_once()
    {
        await using var rival = await Service.StartRival();
        var memberId = await Service.SignUp();
        await Service.SignUp("eve@example.com");
        var devices = new[] { await Service.NewDevice(), await Service.NewDevice(), await Service.NewDevice() };
        var stranger = await Service.NewDevice("eve@example.com");

        await Index(memberId).EndAll(Origin());

        foreach (var device in devices)
        {
            Assert.Null(await device.Find(rival.Client));
            Assert.IsType<RefreshResult.Ended>(await device.Show(rival.Client));
        }

        Assert.Empty(await Index(memberId).List(Ct));
        Assert.NotNull(await stranger.Find(rival.Client));
        Assert.Equal("3 sessions", await Service.Value<string>("select detail from audit_event where kind = 'signed_out_everywhere'"));
    }

    [Fact]
    public async Task Ended_sessions_are_deleted_a_day_later()
    {
        await Service.SignUp();
        var (ended, idle, live) = (await Service.NewDevice(), await Service.NewDevice(), await Service.NewDevice());
        Service.Clock.Advance(TimeSpan.FromDays(29));
        await ended.End(Service.Grains);
        await live.Refresh(Service.Grains);

        Service.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, await Service.Sweep<SessionSweep>());
        Service.Clock.Advance(Moment);
        Assert.Equal(1, await Service.Sweep<SessionSweep>());
        Assert.IsType<RefreshResult.NotAToken>(await ended.Show(Service.Grains));
        Assert.IsType<RefreshResult.Ended>(await idle.Show(Service.Grains));

        Service.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, await Service.Sweep<SessionSweep>());
        Assert.IsType<RefreshResult.NotAToken>(await idle.Show(Service.Grains));
        await live.Refresh(Service.Grains);
    }

    [Fact]
    public async Task A_guest_who_became_a_member_is_signed_out_as_guest()
    {
        var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
        var device = new Device();
        await device.StartAsGuest(Service.Grains, guestId);

        await Service.Adopt(memberId, guestId);

        Assert.Null(await device.Find(Service.Grains));
        Assert.IsType<RefreshResult.Ended>(await device.Show(Service.Grains));
        await Assert.ThrowsAnyAsync<Exception>(() => new Device().StartAsGuest(Service.Grains, guestId));
        Assert.Equal(0, await Service.Value<long>("select count(*) from session where ended_at is null"));
    }

    [Fact]
    public async Task The_gate_looks_at_the_account_too()
    {
        // What no grain leaves behind: the session of an account that is closed.
        var guestId = await Service.NewGuest();
        var device = new Device();
        await device.StartAsGuest(Service.Grains, guestId);
        await Service.Execute("update account set closed_at = now() where account_id = $1", guestId);

        Assert.Null(await device.Find(Service.Grains));
        Assert.IsType<RefreshResult.Ended>(await device.Show(Service.Grains));

        await Service.Clear();
    }

    [Fact]
    public async Task A_role_counts_from_the_commit_that_gives_it_to_the_one_that_takes_it()
    {
        var memberId = await Service.SignUp();
        var device = await Service.NewDevice();
        var roles = Service.Roles();
        Assert.False((await device.Find(Service.Grains))!.IsAdmin);

        Assert.Equal(new RoleChange(memberId, Changed: true), await roles.Set(" ADA@example.com", MemberRole.Admin, "operator"));
        Assert.Equal(new RoleChange(memberId, Changed: false), await roles.Set(Ada, MemberRole.Admin, "operator"));
        Assert.True((await device.Find(Service.Grains))!.IsAdmin);
        Assert.True(Assert.IsType<RefreshResult.Refreshed>(await device.Show(Service.Grains)).Session.IsAdmin);

        // Events of one moment have no order.
        Service.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new RoleChange(memberId, Changed: true), await roles.Set(Ada, MemberRole.User, "operator"));
        Assert.False((await device.Find(Service.Grains))!.IsAdmin);
        Assert.Null(await roles.Set("eve@example.com", MemberRole.Admin, "operator"));
        Assert.Null(await roles.Set("nobody", MemberRole.Admin, "operator"));

        Assert.Equal(
            ["role_granted: command line: operator", "role_revoked: command line: operator"],
            await Service.Value<string[]>(
                "select array_agg(kind || ': ' || actor order by at, event_id) from audit_event where account_id = $1 and kind like 'role%'", memberId));
    }

    private ISessionIndexGrain Index(Guid accountId) => Service.Grains.GetGrain<ISessionIndexGrain>(accountId);
}
