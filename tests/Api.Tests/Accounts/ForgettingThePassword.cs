using System.Text;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Api.Tests.Fuzzing;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Accounts;

/// <summary>New passwords, by link and by the old one.</summary>
public sealed class ForgettingThePassword(ServiceFixture fixture) : IAsyncLifetime
{
    private const string Another = "nine yellow kites";

    private MemberClient member = null!;
    private CaptionClient other = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Mailbox Mails => new(fixture.Service.MailFolder);

    public async ValueTask InitializeAsync()
    {
        member = await fixture.Service.CreateMember(cancellationToken: Cancellation);
        other = await fixture.CreateClientOfTheOtherApi();
        await other.SignIn(member.Email, member.Password, Cancellation);
    }

    public ValueTask DisposeAsync()
    {
        member.Dispose();
        other.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_link_sets_another_one_once_and_ends_all_sessions()
    {
        await member.Client.Post("/v1/auth/password/forgot", new { email = member.Email }, Cancellation);
        var token = await member.NextSecret(Cancellation);

        await Reset(token, "password1").Is(ErrorTable.PasswordTooCommon);
        await Reset(token, $"{member.Email.Split('@')[0]}!").Is(ErrorTable.PasswordTooCommon);
        await member.Client.Post("/v1/auth/password/reset", new { token, newPassword = Another }, Cancellation);

        await Reset(token, "ten yellow kites").Is(ErrorTable.LinkNotValid);
        await Me(member.Client).Is(ErrorTable.SessionEnded);
        await Me(other).Is(ErrorTable.SessionEnded);
        await SignIn(member.Password).Is(ErrorTable.InvalidCredentials);
        member.Password = Another;
        await member.SignIn(Cancellation);
        Assert.Contains("changed", (await Mails.Await(member.Email, 3, Cancellation)).Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asking_is_answered_alike_for_an_unknown_address_and_nothing_is_mailed_to_it()
    {
        var unknown = $"nobody-{Guid.CreateVersion7():N}@example.org";
        using var ofUnknown = await other.Send(Forgot(unknown), Cancellation);
        using var ofKnown = await other.Send(Forgot(member.Email), Cancellation);

        Assert.Equal(ofKnown.StatusCode, ofUnknown.StatusCode);
        Assert.Equal(await ofKnown.Content.ReadAsStringAsync(Cancellation), await ofUnknown.Content.ReadAsStringAsync(Cancellation));
        // Mails are sent in the order in which they were asked for.
        await Mails.Await(member.Email, 2, Cancellation);
        Assert.Empty(await Mails.To(unknown, Cancellation));
    }

    [Fact]
    public async Task An_address_is_mailed_five_times_an_hour_at_most_whoever_asks()
    {
        for (var i = 0; i < 10; i++)
            await other.Post("/v1/auth/password/forgot", new { email = member.Email }, Cancellation);
        using var sentinel = await fixture.Service.CreateMember(cancellationToken: Cancellation);

        // One of the five confirmed the address.
        Assert.Equal(5, (await Mails.To(member.Email, Cancellation)).Count);
    }

    [Fact]
    public async Task The_old_one_sets_another_one_and_ends_all_sessions_but_this()
    {
        await Change("not it", Another).Is(ErrorTable.WrongPassword);
        await Change(member.Password, "password1").Is(ErrorTable.PasswordTooCommon);
        await member.Client.Post("/v1/me/password", new { currentPassword = member.Password, newPassword = Another }, Cancellation);

        await member.Client.Me(Cancellation);
        await Me(other).Is(ErrorTable.SessionEnded);
        await SignIn(member.Password).Is(ErrorTable.InvalidCredentials);
        member.Password = Another;
        await member.SignIn(Cancellation);
        Assert.Contains("changed", (await Mails.Await(member.Email, 2, Cancellation)).Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guessing_the_old_one_is_slowed_too()
    {
        for (var i = 0; i < 6; i++)
            await Change($"guess {i}", Another).Is(ErrorTable.WrongPassword);

        await Change(member.Password, Another).Is(ErrorTable.TooManyAttempts);
    }

    [Fact]
    public async Task The_pages_that_mails_lead_to_do_the_same_in_both_languages()
    {
        await member.Client.Post("/v1/auth/password/forgot", new { email = member.Email }, Cancellation);
        var token = await member.NextSecret(Cancellation);
        var page = await Page(HttpMethod.Get, $"/account/reset?token={token}", "ko-KR,ko;q=0.9,en;q=0.8");
        Assert.Contains("<html lang=\"ko\">", page, StringComparison.Ordinal);
        Assert.Contains($"value=\"{token}\"", page, StringComparison.Ordinal);

        Assert.Contains("not the same", await Page(HttpMethod.Post, "/account/reset", "en", ("token", token), ("password", Another), ("again", "other kites")), StringComparison.Ordinal);
        Assert.Contains("8 to 128", await Page(HttpMethod.Post, "/account/reset", "en", ("token", token), ("password", "short"), ("again", "short")), StringComparison.Ordinal);
        Assert.Contains("guesser", await Page(HttpMethod.Post, "/account/reset", "en", ("token", token), ("password", "password1"), ("again", "password1")), StringComparison.Ordinal);
        Assert.Contains("is set", await Page(HttpMethod.Post, "/account/reset", "en", ("token", token), ("password", Another), ("again", Another)), StringComparison.Ordinal);
        Assert.Contains("does not work any more", await Page(HttpMethod.Post, "/account/reset", "en", ("token", token), ("password", Another), ("again", Another)), StringComparison.Ordinal);

        Assert.Contains("링크를 메일로", await Page(HttpMethod.Get, "/account/forgot", "ko"), StringComparison.Ordinal);
        Assert.Contains("is on its way", await Page(HttpMethod.Post, "/account/forgot", "en", ("email", member.Email)), StringComparison.Ordinal);
        Assert.Contains("not an e-mail", await Page(HttpMethod.Post, "/account/forgot", "en", ("email", "<script>")), StringComparison.Ordinal);
        member.Password = Another;
        await member.SignIn(Cancellation);
    }

    [Fact]
    public async Task Opening_a_link_changes_nothing_and_what_it_carries_is_not_taken_for_HTML()
    {
        using var somebody = new MemberClient(fixture.Service.CreateClient(), Mails);
        await somebody.Register(Cancellation);
        var token = await somebody.NextSecret(Cancellation);

        for (var i = 0; i < 2; i++)
            Assert.Contains("One click", await Page(HttpMethod.Get, $"/account/confirm?token={token}", "en"), StringComparison.Ordinal);
        using (var odd = await other.Send(new HttpRequestMessage(HttpMethod.Get, "/account/confirm?token=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"), Cancellation))
            Assert.DoesNotContain("<script", await odd.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Contains("is ready", await Page(HttpMethod.Post, "/account/confirm", "en", ("token", token)), StringComparison.Ordinal);

        await somebody.SignIn(Cancellation);
    }

    [Theory]
    [InlineData("application/json", "Content-Length: 2\r\n\r\n{}", 415)]
    [InlineData("application/x-www-form-urlencoded", "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 400)]
    public async Task A_form_that_is_none_is_the_senders_fault(string type, string rest, int status)
    {
        foreach (var page in new[] { "confirm", "reset", "forgot" })
        {
            var request = $"POST /account/{page} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: {type}\r\n{rest}";

            var answer = await RawHttp.Send(fixture.Service.ApiUrl, Encoding.Latin1.GetBytes(request), hangUp: false, Cancellation);

            Assert.Equal((status, "application/problem+json"), (answer!.Status, answer.Header("content-type")));
        }
    }

    private async Task<string> Page(HttpMethod method, string path, string languages, params (string Name, string Value)[] form)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Accept-Language", languages);
        if (method == HttpMethod.Post)
            request.Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var response = await other.Send(request, Cancellation);
        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        return System.Net.WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Cancellation));
    }

    private static HttpRequestMessage Forgot(string email) => CaptionClient.PostRequest("/v1/auth/password/forgot", new { email });

    private Task<HttpResponseMessage> Reset(string token, string newPassword) =>
        other.Send(CaptionClient.PostRequest("/v1/auth/password/reset", new { token, newPassword }), Cancellation);

    private Task<HttpResponseMessage> Change(string currentPassword, string newPassword) =>
        member.Client.Send(CaptionClient.PostRequest("/v1/me/password", new { currentPassword, newPassword }), Cancellation);

    private Task<HttpResponseMessage> SignIn(string password) =>
        other.Send(CaptionClient.PostRequest("/v1/auth/sign-in", new { email = member.Email, password }), Cancellation);

    private static Task<HttpResponseMessage> Me(CaptionClient client) => client.Send(new HttpRequestMessage(HttpMethod.Get, "/v1/me"), Cancellation);
}
