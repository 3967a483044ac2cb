using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Accounts;

/// <summary>From nobody, or from a guest, to a member.</summary>
public sealed class SigningUp(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Mailbox Mails => new(fixture.Service.MailFolder);

    [Fact]
    public async Task Begins_with_a_link_and_ends_signed_in()
    {
        using var member = new MemberClient(fixture.Service.CreateClient(), Mails);

        await member.Register(Cancellation);
        await Refuses(member, ErrorTable.InvalidCredentials);
        await member.ConfirmEmail(Cancellation);
        await member.SignIn(Cancellation);

        var me = await member.Client.Me(Cancellation);
        Assert.Equal(("member", member.Email, "en", "user"), (me.Kind, me.Email, me.Language, me.Role));
        Assert.Equal(60, (await member.Client.Credits(Cancellation)).Available);
    }

    [Fact]
    public async Task As_a_guest_keeps_videos_jobs_captions_and_credits()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var job = await guest.WaitForEnd((await guest.Submit(video.Id, cancellationToken: Cancellation)).Id, Cancellation);
        var left = (await guest.Credits(Cancellation)).Available;
        using var member = new MemberClient(guest, Mails);

        await member.Register(Cancellation);
        await member.ConfirmEmail(Cancellation);
        await guest.Send(new HttpRequestMessage(HttpMethod.Get, "/v1/credits"), Cancellation).Is(ErrorTable.SessionEnded);
        await member.SignIn(Cancellation);

        Assert.Equal("ready", (await guest.Video(video.Id, Cancellation)).State);
        Assert.Equal("succeeded", (await guest.Job(job.Id, Cancellation)).State);
        Assert.Contains("-->", await guest.Captions(job.Id, cancellationToken: Cancellation), StringComparison.Ordinal);
        Assert.Equal(60 + left, (await guest.Credits(Cancellation)).Available);
    }

    [Fact]
    public async Task With_a_token_that_is_not_good_any_more_is_refused_since_the_guest_would_lose_everything()
    {
        using var guest = await fixture.NewGuest();
        guest.UseToken(guest.Session!.AccessToken + "x");

        await guest.Send(Registration("minji@example.org"), Cancellation).Is(ErrorTable.TokenInvalid);
    }

    [Fact]
    public async Task Answers_alike_whether_the_address_is_known()
    {
        using var member = await fixture.Service.CreateMember(cancellationToken: Cancellation);
        using var nobody = fixture.Service.CreateClient();

        using var known = await nobody.Send(Registration(member.Email), Cancellation);
        using var unknown = await nobody.Send(Registration($"x-{member.Email}"), Cancellation);

        Assert.Equal(unknown.StatusCode, known.StatusCode);
        Assert.Equal(await unknown.Content.ReadAsStringAsync(Cancellation), await known.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(Names(unknown), Names(known));
        Assert.Contains("already", (await Mails.Await(member.Email, 2, Cancellation)).Subject, StringComparison.Ordinal);

        static IEnumerable<string> Names(HttpResponseMessage response) => response.Headers.Select(header => header.Key).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_link_works_once_and_nobody_elses_address_is_taken()
    {
        using var first = new MemberClient(fixture.Service.CreateClient(), Mails);
        using var second = new MemberClient(fixture.Service.CreateClient(), Mails, first.Email);
        await first.Register(Cancellation);
        await Mails.Await(first.Email, 1, Cancellation);
        await second.Register(Cancellation);
        await Mails.Await(first.Email, 2, Cancellation);
        var ofFirst = await first.NextSecret(Cancellation);
        await second.NextSecret(Cancellation);
        var ofSecond = await second.NextSecret(Cancellation);

        await first.Client.Post("/v1/auth/verify-email", new { token = ofFirst }, Cancellation);

        await Is(first.Client, ofFirst, ErrorTable.LinkNotValid);
        await Is(first.Client, ofSecond, ErrorTable.LinkNotValid);
        await Refuses(second, ErrorTable.InvalidCredentials);
        await first.SignIn(Cancellation);
    }

    [Fact]
    public async Task Is_mailed_in_Korean_to_who_asks_in_Korean()
    {
        using var client = fixture.Service.CreateClient();
        var email = $"minji-{Guid.CreateVersion7():N}@example.org";

        await client.Post("/v1/auth/register", new { email, password = "스물네 개의 한글보다 긴 비밀번호를 정한다", name = "민지", language = "ko" }, Cancellation);

        Assert.Equal("AX2Caption 가입을 확인해 주세요", (await Mails.Await(email, 1, Cancellation)).Subject);
    }

    [Theory]
    [InlineData("password1")]
    [InlineData("12345678")]
    [InlineData("P@ssw0rd")]
    [InlineData("ax2caption2026")]
    [InlineData("비밀번호비밀번호")]
    // The same, typed in parts.
    [InlineData("\u1107\u1175\u1106\u1175\u11AF\u1107\u1165\u11AB\u1112\u1169\u1107\u1175\u1106\u1175\u11AF\u1107\u1165\u11AB\u1112\u1169")]
    [InlineData("qlalfqjsgh")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("minji.kim1994")]
    public async Task With_a_password_that_guessers_try_first_is_refused(string password)
    {
        using var client = fixture.Service.CreateClient();

        await client.Send(CaptionClient.PostRequest("/v1/auth/register", new { email = "minji.kim@example.org", password, name = "Minji Kim" }), Cancellation)
            .Is(ErrorTable.PasswordTooCommon);
    }

    [Theory]
    [InlineData("kubelwagn")]
    [InlineData("correct horse battery staple")]
    [InlineData("나는오늘도길을걷는다하염없이")]
    [InlineData("        a        b        c        ")]
    public async Task With_any_other_is_not(string password)
    {
        using var client = fixture.Service.CreateClient();
        await client.Post("/v1/auth/register", new { email = $"{Guid.CreateVersion7():N}@example.org", password }, Cancellation);
    }

    [Fact]
    public async Task With_a_password_too_short_too_long_or_of_no_characters_names_the_field()
    {
        using var client = fixture.Service.CreateClient();
        var half = string.Concat(Enumerable.Range(0, 64).Select(i => (char)('가' + (i * 37))));

        foreach (var password in new[] { "seven7!", half + half + "x", "not a character: \ufffe" })
        {
            var problem = await client.Send(CaptionClient.PostRequest("/v1/auth/register", new { email = "a@example.org", password }), Cancellation)
                .Is(ErrorTable.InvalidRequest);
            Assert.Equal("password", problem.Members["errors"][0].GetProperty("field").GetString());
        }

        await client.Post("/v1/auth/register", new { email = $"{Guid.CreateVersion7():N}@example.org", password = half + half }, Cancellation);
    }

    [Fact]
    public async Task Two_long_Hangul_passwords_that_differ_at_their_ends_are_two()
    {
        var beginning = string.Concat(Enumerable.Range(0, 40).Select(i => (char)('가' + (i * 131))));
        using var member = new MemberClient(fixture.Service.CreateClient(), Mails) { Password = beginning + "끝" };
        await member.Register(Cancellation);
        await member.ConfirmEmail(Cancellation);
        await member.SignIn(Cancellation);

        member.Password = beginning + "꿈";

        await Refuses(member, ErrorTable.InvalidCredentials);
    }

    [Fact]
    public async Task A_Hangul_password_is_the_same_from_systems_that_type_it_in_parts()
    {
        using var member = new MemberClient(fixture.Service.CreateClient(), Mails) { Password = "넓은 들판을 걷는 사람들" };
        await member.Register(Cancellation);
        await member.ConfirmEmail(Cancellation);

        member.Password = member.Password.Normalize(System.Text.NormalizationForm.FormD);

        await member.SignIn(Cancellation);
    }

    private static HttpRequestMessage Registration(string email) =>
        CaptionClient.PostRequest("/v1/auth/register", new { email, password = "twelve violet herons" });

    private static Task Is(CaptionClient client, string token, Error error) =>
        client.Send(CaptionClient.PostRequest("/v1/auth/verify-email", new { token }), Cancellation).Is(error);

    private static Task Refuses(MemberClient member, Error error) =>
        member.Client.Send(CaptionClient.PostRequest("/v1/auth/sign-in", new { email = member.Email, password = member.Password }), Cancellation).Is(error);
}
