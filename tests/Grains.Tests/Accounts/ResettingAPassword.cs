using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Sessions;
using AX2Caption.Grains.Accounts;
using AX2Caption.Grains.Mail;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Tests.Mail;
using AX2Caption.Grains.Tests.Passwords;
using static AX2Caption.Grains.Tests.Accounts.MemberExtensions;

namespace AX2Caption.Grains.Tests.Accounts;

[Collection<CreditCluster>]
public sealed class ResettingAPassword(ServiceFixture service) : ClusterScenario(service)
{
    private const string NewPassword = "battery staple";

    private static readonly AccountOptions Options = new();

    private Postman Post => new(Service);

    [Fact]
    public async Task A_new_password_ends_every_session_and_every_other_link_and_what_was_wrong_before()
    {
        await Service.SignUp();
        var devices = new[] { await Service.NewDevice(), await Service.NewDevice() };
        var (link, other) = (await NewLink(), await NewLink());
        for (var attempt = 0; attempt < 10; attempt++)
            await Service.Grains.SignIn(password: "wrong");
        Assert.IsType<SignInResult.Throttled>(await Service.Grains.SignIn());
        Assert.Equal(Ada, (await link.FindOwner(Ct))?.Email);

        Assert.IsType<ResetPasswordResult.Reset>(await link.ResetPassword(Digests.Of(NewPassword), Origin()));

        foreach (var device in devices)
        {
            Assert.Null(await device.Find(Service.Grains));
            Assert.IsType<RefreshResult.Ended>(await device.Show(Service.Grains));
        }

        Assert.IsType<SignInResult.WrongPassword>(await Service.Grains.SignIn());
        Assert.IsType<SignInResult.SignedIn>(await Service.Grains.SignIn(password: NewPassword));
        Assert.Null(await link.FindOwner(Ct));
        Assert.Null(await other.FindOwner(Ct));
        Assert.IsType<ResetPasswordResult.LinkNotValid>(await other.ResetPassword(Digests.Of("a third"), Origin("other")));
        Assert.Equal("Your AX2Caption password has changed", Assert.Single(await Post.DeliverTo(Ada)).Subject);
        Assert.Equal(1, await Service.Events("password_reset"));
    }

    [Fact]
    public async Task A_link_sets_one_password_and_its_request_is_answered_the_same_again()
    {
        await Service.SignUp();
        var link = await NewLink();

        Assert.IsType<ResetPasswordResult.Reset>(await link.ResetPassword(Digests.Of(NewPassword), Origin("one")));
        var device = await Service.NewDevice(password: NewPassword);
        Assert.IsType<ResetPasswordResult.Reset>(await link.ResetPassword(Digests.Of(NewPassword), Origin("one")));
        Assert.IsType<ResetPasswordResult.LinkNotValid>(await link.ResetPassword(Digests.Of("a third"), Origin("another")));

        Assert.NotNull(await device.Find(Service.Grains));
        Assert.Equal(1, await Service.Events("password_reset"));
    }

    [Fact]
    public async Task Changed_once_it_is_answered_the_same_when_it_is_said_again()
    {
        var memberId = await Service.SignUp();
        var change = new ChangePassword(Digests.Of(Password), Digests.Of(NewPassword), Guid.CreateVersion7(), Origin(), Guid.CreateVersion7());

        Assert.IsType<ConfirmedByPassword.Done>(await Service.Account(memberId).ChangePassword(change));
        Assert.IsType<ConfirmedByPassword.Done>(await Service.Account(memberId).ChangePassword(change));

        Assert.IsType<ConfirmedByPassword.WrongPassword>(await Service.Account(memberId).ChangePassword(change with { CallId = Guid.CreateVersion7() }));
        Assert.Equal(1, await Service.Events("password_changed"));
    }

    [Fact]
    public async Task Asked_for_in_another_spelling_it_is_mailed_to_the_address_that_was_confirmed()
    {
        await Service.SignUp();
        var another = Ada.ToUpperInvariant();

        await Service.Grains.Address(another).RequestPasswordReset(another, "en", Origin());
        await Service.Register(another);

        var mails = await Post.DeliverTo(Ada);
        Assert.Equal(2, mails.Count);
        Assert.All(mails, mail => Assert.Equal(Ada, Assert.Single(mail.To.Mailboxes).Address));
    }

    [Fact]
    public async Task Asked_for_at_once_on_two_clusters_it_happens_once()
    {
        await using var rival = await Service.StartRival();
        await Service.SignUp();
        await Service.Grains.Address(Ada).RequestPasswordReset(Ada, "en", Origin());
        var key = Postman.KeyOf(Assert.Single(await Post.DeliverTo(Ada)));
        IGrainFactory[] clusters = [Service.Grains, rival.Client];

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            clusters[i % 2].GetGrain<IAccountLinkGrain>(key).ResetPassword(Digests.Of($"password {i}"), Origin($"request {i}"))));

        var winner = Assert.Single(Enumerable.Range(0, 8), i => results[i] is ResetPasswordResult.Reset);
        Assert.IsType<SignInResult.SignedIn>(await Service.Grains.SignIn(password: $"password {winner}"));
    }

    [Fact]
    public async Task A_link_is_good_until_its_end()
    {
        await Service.SignUp();
        var (early, late) = (await NewLink(), await NewLink());

        Service.Clock.Advance(Options.ResetLifetime - TimeSpan.FromMicroseconds(1));
        Assert.Equal(Ada, (await early.FindOwner(Ct))?.Email);
        Service.Clock.Advance(TimeSpan.FromMicroseconds(1));

        Assert.Null(await late.FindOwner(Ct));
        Assert.IsType<ResetPasswordResult.LinkNotValid>(await late.ResetPassword(Digests.Of(NewPassword), Origin()));
        Assert.IsType<SignInResult.SignedIn>(await Service.Grains.SignIn());
    }

    [Fact]
    public async Task An_address_that_nobody_has_is_answered_the_same_and_sent_nothing()
    {
        await Service.SignUp();
        const string Nobody = "nobody@example.com";

        await Service.Grains.Address(Ada).RequestPasswordReset(Ada, "en", Origin());
        await Service.Grains.Address(Nobody).RequestPasswordReset(Nobody, "en", Origin());

        Assert.Equal(2, await Service.Value<long>("select count(*) from outgoing_mail where kind = 'reset_password'"));
        Assert.Equal(2, await Service.Value<long>("select count(*) from audit_event where kind = 'password_reset_requested' and account_id is null"));
        Assert.Empty(await Post.DeliverTo(Nobody));
        Assert.Equal(0, await Service.Value<long>("select count(*) from outgoing_mail where ended_at is null"));
    }

    [Fact]
    public async Task A_changed_password_keeps_the_one_session_that_changed_it()
    {
        var memberId = await Service.SignUp();
        var (device, other) = (await Service.NewDevice(), await Service.NewDevice());
        var link = await NewLink();

        Assert.IsType<ConfirmedByPassword.WrongPassword>(await Change("wrong"));
        Assert.NotNull(await other.Find(Service.Grains));
        Assert.IsType<ConfirmedByPassword.Done>(await Change(Password));

        Assert.NotNull(await device.Find(Service.Grains));
        await device.Refresh(Service.Grains);
        Assert.Null(await other.Find(Service.Grains));
        Assert.Null(await link.FindOwner(Ct));
        Assert.IsType<SignInResult.WrongPassword>(await Service.Grains.SignIn());
        Assert.IsType<SignInResult.SignedIn>(await Service.Grains.SignIn(password: NewPassword));
        Assert.Equal("Your AX2Caption password has changed", Assert.Single(await Post.DeliverTo(Ada)).Subject);
        Assert.Equal(1, await Service.Events("password_changed"));

        Task<ConfirmedByPassword> Change(string current) => Service.Account(memberId).ChangePassword(
            new ChangePassword(Digests.Of(current), Digests.Of(NewPassword), device.SessionId, Origin(), Guid.CreateVersion7()));
    }

    [Fact]
    public async Task Wrong_passwords_at_the_change_are_throttled_and_guests_have_none_to_change()
    {
        var memberId = await Service.SignUp();
        var change = new ChangePassword(Digests.Of("wrong"), Digests.Of(NewPassword), Guid.CreateVersion7(), Origin(), Guid.CreateVersion7());
        for (var attempt = 0; attempt < 6; attempt++)
            Assert.IsType<ConfirmedByPassword.WrongPassword>(await Service.Account(memberId).ChangePassword(change));

        Assert.Equal(
            new ConfirmedByPassword.Throttled(TimeSpan.FromSeconds(1)),
            await Service.Account(memberId).ChangePassword(change with { CurrentDigest = Digests.Of(Password) }));
        Assert.IsType<ConfirmedByPassword.NotAMember>(await Service.Account(await Service.NewGuest()).ChangePassword(change));
        Assert.IsType<ConfirmedByPassword.NotAMember>(await Service.Account(Guid.CreateVersion7()).ChangePassword(change));
    }

    [Fact]
    public async Task A_change_that_a_reset_overtook_leaves_the_password_of_the_reset()
    {
        var memberId = await Service.SignUp();
        await using var reset = await HeldRow.Take(
            Service, "update member set password_changed_at = $2 where account_id = $1", memberId, Service.Clock.GetUtcNow().AddSeconds(1));
        var change = Service.Account(memberId).ChangePassword(
            new ChangePassword(Digests.Of(Password), Digests.Of(NewPassword), Guid.CreateVersion7(), Origin(), Guid.CreateVersion7()));
        await reset.Blocks(change);

        await reset.Commit();

        Assert.IsType<ConfirmedByPassword.WrongPassword>(await change);
        Assert.Equal(0, await Service.Events("password_changed"));
        Assert.IsType<SignInResult.SignedIn>(await Service.Grains.SignIn());
    }

    [Fact]
    public async Task Strangers_who_use_up_the_addresss_mails_cannot_keep_the_news_of_a_changed_password_from_it()
    {
        var memberId = await Service.SignUp();
        for (var i = 0; i < 10; i++)
            await Service.Grains.Address(Ada).RequestPasswordReset(Ada, "en", Origin());
        await Post.DeliverTo(Ada);

        await Service.Account(memberId).ChangePassword(
            new ChangePassword(Digests.Of(Password), Digests.Of(NewPassword), Guid.CreateVersion7(), Origin(), Guid.CreateVersion7()));

        Assert.Equal("Your AX2Caption password has changed", Assert.Single(await Post.DeliverTo(Ada)).Subject);
    }

    [Fact]
    public async Task No_link_is_made_for_an_account_that_is_deleted_while_the_mail_is_written()
    {
        var memberId = await Service.SignUp();
        await Service.Grains.Address(Ada).RequestPasswordReset(Ada, "en", Origin());
        await using var deletion = await HeldRow.Take(Service, "delete from member where account_id = $1", memberId);
        var mail = Post.DeliverTo(Ada);
        await deletion.Blocks(mail);

        await deletion.Commit();

        Assert.Empty(await mail);
        Assert.Equal(0, await Service.Value<long>("select count(*) from account_link where purpose = 'reset_password'"));
    }

    [Fact]
    public async Task Sent_mails_are_known_for_a_day()
    {
        await Service.SignUp();

        Service.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, await Service.Sweep<MailSweep>());
        Service.Clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Equal(1, await Service.Sweep<MailSweep>());
    }

    private async Task<IAccountLinkGrain> NewLink()
    {
        await Service.Grains.Address(Ada).RequestPasswordReset(Ada, "en", Origin());
        return await Post.DeliverLinkTo(Ada);
    }
}
