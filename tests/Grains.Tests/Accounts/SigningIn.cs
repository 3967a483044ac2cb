using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Sessions;
using AX2Caption.Grains.Sessions;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Tests.Passwords;
using AX2Caption.Grains.Tests.Sessions;
using static AX2Caption.Grains.Tests.Accounts.MemberExtensions;
using Bcrypt = BCrypt.Net.BCrypt;

namespace AX2Caption.Grains.Tests.Accounts;

[Collection<CreditCluster>]
public sealed class SigningIn(ServiceFixture service) : ClusterScenario(service)
{
    private const string Nobody = "nobody@example.com";

    private static readonly SignInOptions Options = new();

    /// <summary>Wrong passwords that are looked at before one has to wait: the free ones, and the one that is one too many.</summary>
    private static readonly int Looked = Options.FreeFailures + 1;

    [Fact]
    public async Task The_right_password_starts_a_session()
    {
        var memberId = await Service.SignUp();
        var device = new Device();

        var signedIn = Assert.IsType<SignInResult.SignedIn>(await Service.Grains.SignIn(" ADA@EXAMPLE.COM ", device: device));

        Assert.Equal(
            new LiveSession(device.SessionId, memberId, AccountKind.Member, IsAdmin: false, Service.Clock.GetUtcNow().AddDays(30)), signedIn.Session);
        Assert.Equal(signedIn.Session, await device.Find(Service.Grains));
        await device.Refresh(Service.Grains);
        Assert.Equal(memberId, await Service.Value<Guid>("select actor_id from audit_event where kind = 'signed_in'"));
    }

    [Fact]
    public async Task Wrong_and_unknown_are_answered_throttled_and_kept_alike()
    {
        await Service.SignUp();
        for (var attempt = 1; attempt <= Looked; attempt++)
        {
            Assert.IsType<SignInResult.WrongPassword>(await Service.Grains.SignIn(Ada, "wrong"));
            Assert.IsType<SignInResult.WrongPassword>(await Service.Grains.SignIn(Nobody, "wrong"));
            Service.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.IsType<SignInResult.WrongPassword>(await Service.Grains.SignIn(Ada, "wrong"));
        Assert.IsType<SignInResult.WrongPassword>(await Service.Grains.SignIn(Nobody, "wrong"));
        Assert.Equal(new SignInResult.Throttled(2 * Options.FirstDelay), await Service.Grains.SignIn(Ada, "wrong"));
        Assert.Equal(new SignInResult.Throttled(2 * Options.FirstDelay), await Service.Grains.SignIn(Nobody, "wrong"));

        Assert.Equal(1, await Service.Value<long>("select count(distinct (failures, last_failed_at)) from sign_in_throttle"));
        Assert.Equal(2, await Service.Value<long>("select count(*) from sign_in_throttle"));
        Assert.Equal(2 * (Looked + 1), await Service.Events("sign_in_failed"));
        Assert.Equal(2, await Service.Events("sign_in_throttled"));
        Assert.Equal(1, await Service.Value<long>(
            "select count(distinct (n, kinds)) from (select count(*) n, array_agg(kind order by kind) kinds from audit_event "
            + "where kind like 'sign_in%' group by account_id) each"));
    }

    [Fact]
    public async Task Many_at_once_count_as_many_in_a_row()
    {
        await Service.SignUp();
        foreach (var address in new[] { Ada, Nobody })
        {
            var results = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Service.Grains.SignIn(address, "wrong")));

            Assert.Equal(Looked, results.Count(result => result is SignInResult.WrongPassword));
            Assert.Equal(30 - Looked, results.Count(result => result == new SignInResult.Throttled(Options.FirstDelay)));
        }

        Assert.Equal([Looked, Looked], await Service.Value<int[]>("select array_agg(failures) from sign_in_throttle"));
    }

    [Fact]
    public async Task Each_wrong_password_beyond_the_free_ones_doubles_the_wait_up_to_its_cap()
    {
        await Service.SignUp();
        for (var attempt = 0; attempt < Options.FreeFailures; attempt++)
            Assert.IsType<SignInResult.WrongPassword>(await Service.Grains.SignIn(password: "wrong"));
        for (var seconds = 1; seconds < 2_000; seconds *= 2)
        {
            Assert.IsType<SignInResult.WrongPassword>(await Service.Grains.SignIn(password: "wrong"));
            var wait = TimeSpan.FromSeconds(Math.Min(seconds, Options.MaximumDelay.TotalSeconds));
            Assert.Equal(new SignInResult.Throttled(wait), await Service.Grains.SignIn(password: "wrong"));
            // The right one waits too: whether it is right is not to be had in that time.
            Service.Clock.Advance(wait - TimeSpan.FromMicroseconds(1));
            Assert.Equal(new SignInResult.Throttled(TimeSpan.FromMicroseconds(1)), await Service.Grains.SignIn());
            Service.Clock.Advance(TimeSpan.FromMicroseconds(1));
        }

        Assert.IsType<SignInResult.SignedIn>(await Service.Grains.SignIn());
        Assert.Equal(0, await Service.Value<long>("select count(*) from sign_in_throttle"));
        Assert.IsType<SignInResult.WrongPassword>(await Service.Grains.SignIn(password: "wrong"));
        Assert.IsType<SignInResult.SignedIn>(await Service.Grains.SignIn());
    }

    [Fact]
    public async Task Wrong_passwords_are_forgotten_in_time_and_their_rows_go()
    {
        await Service.SignUp();
        for (var attempt = 0; attempt < Looked; attempt++)
            await Service.Grains.SignIn(password: "wrong");

        Service.Clock.Advance(Options.ForgetAfter - TimeSpan.FromMicroseconds(1));
        Assert.Equal(0, await Service.Sweep<SignInThrottleSweep>());
        Service.Clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Equal(1, await Service.Sweep<SignInThrottleSweep>());

        Assert.IsType<SignInResult.WrongPassword>(await Service.Grains.SignIn(password: "wrong"));
        Assert.IsType<SignInResult.SignedIn>(await Service.Grains.SignIn());
    }

    [Fact]
    public async Task Asking_for_the_password_of_who_is_signed_in_is_throttled_with_the_rest_and_resets_it()
    {
        var memberId = await Service.SignUp();
        for (var attempt = 0; attempt < Options.FreeFailures; attempt++)
        {
            Assert.IsType<PasswordCheck.Wrong>(await Service.Grains.Address(Ada).CheckPassword(Digests.Of("wrong"), Origin()));
        }

        Assert.Equal(Options.FreeFailures, await Service.Events("password_check_failed"));
        Assert.IsType<SignInResult.WrongPassword>(await Service.Grains.SignIn(password: "wrong"));
        Assert.Equal(
            new PasswordCheck.Throttled(Options.FirstDelay), await Service.Grains.Address(Ada).CheckPassword(Digests.Of(Password), Origin()));

        Service.Clock.Advance(Options.FirstDelay);
        Assert.Equal(new PasswordCheck.Right(memberId), await Service.Grains.Address(Ada).CheckPassword(Digests.Of(Password), Origin()));
        Assert.Equal(0, await Service.Value<long>("select count(*) from sign_in_throttle"));
    }

    [Fact]
    public async Task A_hash_of_a_lower_work_factor_becomes_a_better_one_at_the_next_sign_in()
    {
        await using var rival = await Service.StartRival(("Passwords:WorkFactor", "6"));
        await Service.SignUp();
        Assert.Equal("04", await WorkFactor());

        Assert.IsType<SignInResult.WrongPassword>(await rival.Client.SignIn(password: "wrong"));
        Assert.Equal("04", await WorkFactor());
        Assert.IsType<SignInResult.SignedIn>(await rival.Client.SignIn());

        Assert.Equal("06", await WorkFactor());
        Assert.IsType<SignInResult.SignedIn>(await rival.Client.SignIn());
        Assert.IsType<SignInResult.SignedIn>(await Service.Grains.SignIn());
        Assert.Equal("06", await WorkFactor());
        Assert.IsType<SignInResult.WrongPassword>(await rival.Client.SignIn(password: "wrong"));
    }

    [Fact]
    public async Task When_too_many_hashes_are_under_way_the_rest_are_told_so_and_nothing_counts()
    {
        await using var rival = await Service.StartRival(
            ("Passwords:WorkFactor", "12"), ("Passwords:MaximumConcurrent", "1"), ("Passwords:MaximumWaiting", "0"));

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => rival.Client.SignIn($"user{i}@example.com", "wrong")));

        var wrong = results.Count(result => result is SignInResult.WrongPassword);
        Assert.InRange(wrong, 1, 19);
        Assert.Equal(20 - wrong, results.Count(result => result is SignInResult.Busy));
        Assert.Equal(wrong, await Service.Value<long>("select count(*) from sign_in_throttle"));
        Assert.Equal(wrong, await Service.Value<long>("select count(*) from audit_event"));
    }

    [Fact]
    public async Task A_password_that_is_replaced_while_it_is_compared_signs_nobody_in()
    {
        var memberId = await Service.SignUp();
        var device = new Device();
        await using var reset = await HeldRow.Take(
            Service,
            "update member set password_hash = $2, password_changed_at = $3 where account_id = $1",
            memberId,
            Bcrypt.HashPassword(Digests.Of("another"), 4),
            Service.Clock.GetUtcNow().AddSeconds(1));
        var signIn = Service.Grains.SignIn(device: device);
        await reset.Blocks(signIn);

        await reset.Commit();

        Assert.IsType<SignInResult.WrongPassword>(await signIn);
        Assert.Null(await device.Find(Service.Grains));
        Assert.Equal(0, await Service.Events("signed_in"));
    }

    [Fact]
    public async Task An_account_that_is_deleted_while_its_password_is_compared_signs_nobody_in_and_nothing_of_it_is_noted()
    {
        var memberId = await Service.SignUp();
        var device = new Device();
        await using var deletion = await HeldRow.Take(Service, "delete from member where account_id = $1", memberId);
        var signIn = Service.Grains.SignIn(device: device);
        await deletion.Blocks(signIn);

        await deletion.Commit();

        Assert.IsType<SignInResult.WrongPassword>(await signIn);
        Assert.Equal(0, await Service.Events("signed_in"));
        Assert.Equal(0, await Service.Value<long>("select count(*) from session"));
    }

    private async Task<string> WorkFactor() =>
        Bcrypt.InterrogateHash(await Service.Value<string>("select password_hash from member")).WorkFactor;
}
