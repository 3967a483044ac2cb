using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Abstractions.Sessions;
using AX2Caption.Grains.Accounts;
using AX2Caption.Grains.Mail;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Tests.Mail;
using AX2Caption.Grains.Tests.Sessions;
using static AX2Caption.Grains.Tests.Accounts.MemberExtensions;

namespace AX2Caption.Grains.Tests.Accounts;

[Collection<CreditCluster>]
public sealed class Registering(ServiceFixture service) : ClusterScenario(service)
{
    private const long MemberGrant = AccountExtensions.MemberGrant;
    private const long GuestGrant = CustomerExtensions.GuestGrant;

    private static readonly TimeSpan Moment = TimeSpan.FromMicroseconds(1);
    private static readonly AccountOptions Options = new();

    private Postman Post => new(Service);

    [Fact]
    public async Task Who_opens_the_link_in_the_mail_is_a_member_with_the_grant()
    {
        var memberId = await Service.Register(" Ada@Example.com");
        Assert.Null(await Service.Account(memberId).Get(Ct));
        Assert.IsType<SignInResult.WrongPassword>(await Service.Grains.SignIn());
        var link = await Post.DeliverLinkTo("Ada@Example.com");

        Assert.Equal(new ConfirmEmailResult.Confirmed(memberId), await link.ConfirmEmail(Origin()));

        var profile = await Service.Account(memberId).GetProfile(Ct);
        Assert.Equal(new MemberProfile("Ada@Example.com", "Ada", "en", MemberRole.User, Service.Clock.GetUtcNow()), profile!.Member);
        Assert.Equal(AccountKind.Member, profile.Account.Kind);
        Assert.Equal(new CreditBalance(MemberGrant, 0), await Service.Balance(memberId));
        Assert.Equal(0, await Service.Value<long>("select count(*) from registration"));
        Assert.Equal(1, await Service.Events("member_created"));
        await Service.NewDevice();
    }

    [Fact]
    public async Task A_member_may_change_the_name_and_the_language()
    {
        var memberId = await Service.SignUp();

        Assert.Equal(("Augusta", "ko"), await Change(new ChangeProfile(SetName: true, "Augusta", "ko")));
        Assert.Equal(("Augusta", "ko"), await Change(new ChangeProfile(SetName: false, "ignored", Language: null)));
        Assert.Equal((null, "ko"), await Change(new ChangeProfile(SetName: true, Name: null, Language: null)));
        Assert.Null(await Service.Account(await Service.NewGuest()).ChangeProfile(new ChangeProfile(SetName: true, "Eve", null)));

        async Task<(string?, string)> Change(ChangeProfile change)
        {
            var member = (await Service.Account(memberId).ChangeProfile(change))!.Member!;
            return (member.Name, member.Language);
        }
    }

    [Fact]
    public async Task A_known_address_is_answered_the_same_and_told_by_mail()
    {
        await Service.SignUp();
        var before = await Service.Events("registration_requested");

        var registrationId = await Service.Register(password: "another");

        var mail = Assert.Single(await Post.DeliverTo(Ada));
        Assert.Equal("You already have an AX2Caption account", mail.Subject);
        Assert.DoesNotContain("token=", mail.TextBody, StringComparison.Ordinal);
        Assert.Equal(before + 1, await Service.Events("registration_requested"));
        Assert.Null(await Service.Account(registrationId).Get(Ct));
        Assert.IsType<SignInResult.SignedIn>(await Service.Grains.SignIn());
        Assert.IsType<SignInResult.WrongPassword>(await Service.Grains.SignIn(password: "another"));
    }

    [Fact]
    public async Task The_same_wish_again_changes_nothing_and_sends_no_second_mail()
    {
        var wish = NewRegistration();

        for (var i = 0; i < 10; i++)
            Assert.IsType<RegisterResult.Accepted>(await Service.Grains.Address(Ada).Register(wish));

        Assert.Equal(1, await Service.Value<long>("select count(*) from registration"));
        Assert.Single(await Post.DeliverTo(Ada));
        Assert.Equal(1, await Service.Events("registration_requested"));
    }

    [Fact]
    public async Task A_link_does_its_work_once_and_its_request_is_answered_the_same_again()
    {
        var memberId = await Service.Register();
        var link = await Post.DeliverLinkTo(Ada);

        Assert.Equal(new ConfirmEmailResult.Confirmed(memberId), await link.ConfirmEmail(Origin("one")));
        Assert.Equal(new ConfirmEmailResult.Confirmed(memberId), await link.ConfirmEmail(Origin("one")));
        Assert.IsType<ConfirmEmailResult.LinkNotValid>(await link.ConfirmEmail(Origin("another")));

        Assert.Equal(1, await Service.Events("member_created"));
        Assert.Equal(new CreditBalance(MemberGrant, 0), await Service.Balance(memberId));
    }

    [Fact]
    public async Task A_link_that_was_never_mailed_or_is_for_a_password_makes_no_member()
    {
        await Service.SignUp();
        var never = Service.Grains.GetGrain<IAccountLinkGrain>(new string('0', 64));
        await Service.Grains.Address(Ada).RequestPasswordReset(Ada, "en", Origin());
        var reset = await Post.DeliverLinkTo(Ada);

        Assert.IsType<ConfirmEmailResult.LinkNotValid>(await never.ConfirmEmail(Origin()));
        Assert.IsType<ConfirmEmailResult.LinkNotValid>(await reset.ConfirmEmail(Origin()));
        Assert.Equal(Ada, (await reset.FindOwner(Ct))?.Email);
    }

    [Fact]
    public async Task A_link_is_good_until_its_end_and_the_registration_goes_with_it()
    {
        await Service.Register();
        var early = await Post.DeliverLinkTo(Ada);
        var late = await LinkOf("eve@example.com");

        Service.Clock.Advance(Options.ConfirmationLifetime - Moment);
        Assert.Equal(0, await Service.Sweep<RegistrationSweep>());
        Assert.IsType<ConfirmEmailResult.Confirmed>(await early.ConfirmEmail(Origin()));
        Service.Clock.Advance(Moment);

        Assert.IsType<ConfirmEmailResult.LinkNotValid>(await late.ConfirmEmail(Origin()));
        Assert.Equal(3, await Service.Sweep<RegistrationSweep>()); // eve's registration and both links
        Assert.Equal(0, await Service.Value<long>("select (select count(*) from registration) + (select count(*) from account_link)"));
    }

    [Fact]
    public async Task A_mail_that_was_late_has_a_link_that_is_good_for_as_long_as_it_says()
    {
        await Service.Register();
        Service.Clock.Advance(TimeSpan.FromHours(3));
        var link = await Post.DeliverLinkTo(Ada);

        Service.Clock.Advance(Options.ConfirmationLifetime - Moment);
        await Service.Sweep<RegistrationSweep>();

        Assert.IsType<ConfirmEmailResult.Confirmed>(await link.ConfirmEmail(Origin()));
    }

    [Fact]
    public async Task Of_two_registrations_of_one_address_the_second_is_refused_again_and_again_and_leaves_nothing()
    {
        var guestId = await Service.NewGuest();
        var first = await LinkOf(Ada);
        var second = await LinkOf("ADA@example.com", guestId);
        var winner = Assert.IsType<ConfirmEmailResult.Confirmed>(await first.ConfirmEmail(Origin("one")));

        Assert.IsType<ConfirmEmailResult.LinkNotValid>(await second.ConfirmEmail(Origin("two")));
        Assert.IsType<ConfirmEmailResult.LinkNotValid>(await second.ConfirmEmail(Origin("two")));

        Assert.Equal(winner.AccountId, await Service.Value<Guid>("select account_id from member"));
        Assert.Equal(1, await Service.Value<long>("select count(*) from account where kind = 'member'"));
        Assert.Equal(0, await Service.Value<long>("select count(*) from registration"));
        Assert.Equal(1, await Service.Value<long>("select count(*) from account_link"));
        Assert.Equal(1, await Service.Events("member_created"));
        Assert.Null((await Service.Account(guestId).Get(Ct))!.MergedInto);
    }

    [Fact]
    public async Task Of_two_links_for_one_address_that_are_opened_at_once_on_two_clusters_one_makes_the_member()
    {
        await using var rival = await Service.StartRival();
        for (var round = 0; round < 10; round++)
        {
            var email = $"user{round}@example.com";
            var keys = new[] { await KeyOf(email), await KeyOf(email) };

            var results = await Task.WhenAll(
                Service.Grains.GetGrain<IAccountLinkGrain>(keys[0]).ConfirmEmail(Origin("one")),
                rival.Client.GetGrain<IAccountLinkGrain>(keys[1]).ConfirmEmail(Origin("two")));

            Assert.Single(results, result => result is ConfirmEmailResult.Confirmed);
            Assert.Single(results, result => result is ConfirmEmailResult.LinkNotValid);
        }

        Assert.Equal(10, await Service.Value<long>("select count(*) from member"));
        Assert.Equal(0, await Service.Value<long>("select count(*) from registration"));
    }

    [Fact]
    public async Task What_the_guest_had_is_the_members_and_the_guests_sessions_end()
    {
        var guestId = await Service.NewGuest();
        var device = new Device();
        await device.StartAsGuest(Service.Grains, guestId);
        var videoId = await Service.ReadyVideo(guestId);
        var job = await Service.SubmitJob(guestId, videoId);

        var memberId = await Service.SignUp(guestId: guestId);

        Assert.Equal(memberId, (await Service.Account(guestId).Get(Ct))!.MergedInto);
        Assert.Equal([videoId], await Service.Videos(memberId));
        Assert.Equal([job.JobId], await Service.Jobs(memberId));
        Assert.Equal(new CreditBalance(MemberGrant + GuestGrant - job.Price, job.Price), await Service.Balance(memberId));
        Assert.Equal(0, await Service.Belongings(guestId));
        Assert.Null(await device.Find(Service.Grains));
        Assert.IsType<RefreshResult.Ended>(await device.Show(Service.Grains));
    }

    [Fact]
    public async Task Of_two_registrations_of_one_guest_the_first_that_is_confirmed_has_what_the_guest_had()
    {
        var guestId = await Service.NewGuest();
        var one = await Service.SignUp(guestId: guestId);
        var another = await Service.SignUp("eve@example.com", guestId: guestId);

        Assert.Equal(one, (await Service.Account(guestId).Get(Ct))!.MergedInto);
        Assert.Equal(new CreditBalance(MemberGrant, 0), await Service.Balance(another));
        Assert.Equal(0, await Service.Value<long>("select count(*) from registration"));
    }

    [Fact]
    public async Task A_crash_right_after_the_confirmation_keeps_nothing_from_the_member()
    {
        var guestId = await Service.NewGuest();
        var registrationId = await Service.Register(guestId: guestId);
        // As the confirmation's commit leaves it, and nothing after.
        await Service.Execute("insert into account (account_id, kind, created_at) values ($1, 'member', $2)", registrationId, Service.Clock.GetUtcNow());
        await Service.Execute("insert into credit_account (account_id) values ($1)", registrationId);
        await Service.Execute("update registration set confirmed_at = $1", Service.Clock.GetUtcNow());
        Assert.Equal(0, await Service.Sweep<RegistrationSweep>()); // it may still be at it

        Service.Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(1, await Service.Sweep<RegistrationSweep>());
        Assert.Equal(0, await Service.Sweep<RegistrationSweep>());

        Assert.Equal(new CreditBalance(MemberGrant + GuestGrant, 0), await Service.Balance(registrationId));
        Assert.Equal(registrationId, (await Service.Account(guestId).Get(Ct))!.MergedInto);
        Assert.Equal(
            [CreditEntryKind.Grant, CreditEntryKind.TransferIn], (await Service.Ledger(registrationId)).Select(entry => entry.Kind));
    }

    [Theory]
    [InlineData("credit_account where account_id = $1")]
    [InlineData("account where account_id = $1")]
    public async Task A_confirmation_that_is_cut_off_while_it_moves_the_guest_is_completed_by_the_sweep(string row)
    {
        var guestId = await Service.NewGuest();
        var memberId = await Service.Register(guestId: guestId);
        var link = await Post.DeliverLinkTo(Ada);
        await using (var held = await HeldRow.Take(Service, $"select from {row} for update", guestId))
        {
            var confirmation = link.ConfirmEmail(Origin());
            await held.Blocks(confirmation);
            await Service.CutConnections();
            await Assert.ThrowsAnyAsync<Exception>(() => confirmation);
        }

        Service.RenewConnections();
        Assert.NotNull((await Service.Account(memberId).GetProfile(Ct))!.Member);
        Service.Clock.Advance(TimeSpan.FromSeconds(11));
        await Service.Sweep<RegistrationSweep>();

        Assert.Equal(new ConfirmEmailResult.Confirmed(memberId), await link.ConfirmEmail(Origin()));
        Assert.Equal(new CreditBalance(MemberGrant + GuestGrant, 0), await Service.Balance(memberId));
        Assert.Equal(0, await Service.Value<long>("select count(*) from registration"));
    }

    [Fact]
    public async Task A_member_whom_nothing_can_be_given_does_not_keep_the_sweep_from_the_rest()
    {
        // A guest's account under the id: no member can have it, and no grain leaves such a row.
        var stuck = await Service.NewGuest();
        await Service.Register();
        await Service.Execute("update registration set registration_id = $1, confirmed_at = created_at", stuck);
        await Service.Register("eve@example.com");
        Service.Clock.Advance(Options.ConfirmationLifetime);

        await Assert.ThrowsAnyAsync<Exception>(() => Service.Sweep<RegistrationSweep>());

        Assert.Equal(stuck, await Service.Value<Guid>("select registration_id from registration"));
    }

    [Fact]
    public async Task One_address_has_so_many_mails_within_an_hour_and_no_more()
    {
        var limit = new MailOptions().PerAddressAndHour;
        await Service.Register();
        Service.Clock.Advance(TimeSpan.FromMinutes(30));
        for (var i = 1; i < limit + 3; i++)
            await Service.Register();
        await Service.Register("eve@example.com");

        Assert.Equal(limit, (await Post.DeliverTo(Ada)).Count);
        Assert.Equal(limit + 1, await Service.Value<long>("select count(*) from registration"));

        Service.Clock.Advance(TimeSpan.FromMinutes(30) - Moment);
        await Service.Register();
        Assert.Empty(await Post.DeliverTo(Ada));
        Service.Clock.Advance(Moment);
        await Service.Register();
        await Service.Register();
        Assert.Single(await Post.DeliverTo(Ada));
    }

    private async Task<IAccountLinkGrain> LinkOf(string email, Guid? guestId = null)
    {
        await Service.Register(email, guestId: guestId);
        return await Post.DeliverLinkTo(email);
    }

    private async Task<string> KeyOf(string email)
    {
        await Service.Register(email);
        return Postman.KeyOf(Assert.Single(await Post.DeliverTo(email)));
    }
}
