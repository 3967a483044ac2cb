using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.AuditLog;

/// <summary>What operators can learn of who did what.</summary>
public sealed class KnowingWhoDidWhat(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_members_life_can_be_followed()
    {
        using var member = await fixture.Service.CreateMember(cancellationToken: Cancellation);
        await member.Client.Send(
            CaptionClient.PostRequest("/v1/auth/sign-in", new { email = member.Email, password = "not it" }), Cancellation).Is(ErrorTable.InvalidCredentials);
        await member.Client.Post("/v1/me/password", new { currentPassword = member.Password, newPassword = "nine yellow kites" }, Cancellation);
        await member.Client.Post("/v1/auth/sign-out-everywhere", new { }, Cancellation);

        var events = (await fixture.Operator.Events($"?accountId={member.AccountId}", Cancellation)).Items;

        Assert.Equal(
            ["signed_out_everywhere", "password_changed", "sign_in_failed", "signed_in", "member_created"], events.Select(@event => @event.Kind));
        Assert.All(events, @event => Assert.Equal("127.0.0.1", @event.Address));
        Assert.All(events, @event => Assert.NotEmpty(@event.RequestId!));
        Assert.Equal("anybody", events[2].Actor);
        Assert.Equal((member.AccountId, "owner"), (events[1].ActorId, events[1].Actor));
        Assert.Equal(
            ["password_changed"],
            (await fixture.Operator.Events($"?accountId={member.AccountId}&kind=password_changed&kind=password_reset", Cancellation)).Items.Select(@event => @event.Kind));
    }

    [Fact]
    public async Task Roles_that_were_given_and_taken_and_what_admins_did_with_them()
    {
        using var admin = await fixture.Service.CreateAdmin(Cancellation);
        using var guest = await fixture.NewGuest();
        await admin.Client.Apply(guest.Session!.AccountId, "grants", new { amount = 5, reason = "A present." }, cancellationToken: Cancellation);

        var (exitCode, output, _) = await fixture.Service.RunSiloCommand(["admin", "revoke-role", admin.Email, "admin"], Cancellation);

        Assert.Equal(0, exitCode);
        Assert.Contains("no admin now", output, StringComparison.Ordinal);
        await admin.Client.Send(new HttpRequestMessage(HttpMethod.Get, "/v1/admin/audit-events"), Cancellation).Is(ErrorTable.OperatorOnly);
        var roles = (await fixture.Operator.Events($"?accountId={admin.AccountId}&kind=role_granted&kind=role_revoked", Cancellation)).Items;
        Assert.Equal(["role_revoked", "role_granted"], roles.Select(@event => @event.Kind));
        Assert.All(roles, @event => Assert.StartsWith("command line", @event.Actor, StringComparison.Ordinal));
        var act = Assert.Single((await fixture.Operator.Events($"?actorId={admin.AccountId}&kind=admin_act", Cancellation)).Items);
        Assert.Equal((guest.Session.AccountId, "POST /v1/admin/accounts/{id:guid}/credits/grants"), (act.AccountId, act.Detail));
    }

    [Fact]
    public async Task Nobody_becomes_an_admin_who_is_no_member()
    {
        var (exitCode, _, errors) = await fixture.Service.RunSiloCommand(["admin", "grant-role", "nobody@example.org", "admin"], Cancellation);

        Assert.Equal(1, exitCode);
        Assert.Contains("No member", errors, StringComparison.Ordinal);
        Assert.Equal(1, (await fixture.Service.RunSiloCommand(["admin", "grant-role", fixture.Admin.Email, "king"], Cancellation)).ExitCode);
        Assert.Equal(1, (await fixture.Service.RunSiloCommand(["admin"], Cancellation)).ExitCode);
    }

    [Fact]
    public async Task Pages_and_times_narrow_it()
    {
        var first = await fixture.Operator.Events("?limit=1", Cancellation);
        var second = await fixture.Operator.Events($"?limit=1&cursor={first.Next}", Cancellation);
        Assert.True(second.Items.Single().At <= first.Items.Single().At);
        Assert.NotEqual(first.Items.Single().Id, second.Items.Single().Id);

        Assert.Empty((await fixture.Operator.Events("?until=2026-01-01T00:00:00Z", Cancellation)).Items);
        Assert.NotEmpty((await fixture.Operator.Events("?from=2026-01-01T00:00:00Z", Cancellation)).Items);
        await fixture.Operator.Send(new HttpRequestMessage(HttpMethod.Get, "/v1/admin/audit-events?accountId=x"), Cancellation).Is(ErrorTable.InvalidRequest);
        await fixture.Operator.Send(new HttpRequestMessage(HttpMethod.Get, "/v1/admin/audit-events?from=2026-01-01T00:00:00Z&until=2026-01-01T00:00:00Z"), Cancellation)
            .Is(ErrorTable.InvalidRequest);
    }
}
