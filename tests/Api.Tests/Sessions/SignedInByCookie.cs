using System.Net.Http.Json;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Sessions;

/// <summary>The refresh token in a browser's cookie.</summary>
public sealed class SignedInByCookie(ServiceFixture fixture)
{
    private const string Name = "__Secure-ax2-refresh";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_script_reads_it_and_no_other_site_uses_it()
    {
        using var browser = fixture.Service.CreateClient();
        var (cookie, answer) = await BecomeGuest(browser);

        Assert.Null(answer.RefreshToken);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/v1/auth", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);

        await browser.Send(ByCookie("/v1/auth/refresh", cookie, csrf: null), Cancellation).Is(ErrorTable.CsrfRefused);
        await browser.Send(ByCookie("/v1/auth/sign-out", cookie, csrf: null), Cancellation).Is(ErrorTable.CsrfRefused);
        var foreign = ByCookie("/v1/auth/refresh", cookie);
        foreign.Headers.Add("Sec-Fetch-Site", "cross-site");
        await browser.Send(foreign, Cancellation).Is(ErrorTable.CsrfRefused);
    }

    [Fact]
    public async Task It_is_replaced_at_each_refresh_and_gone_after_signing_out()
    {
        using var browser = fixture.Service.CreateClient();
        var (cookie, _) = await BecomeGuest(browser);

        using var refreshed = await browser.Send(ByCookie("/v1/auth/refresh", cookie), Cancellation);
        var next = Assert.Single(refreshed.Headers.GetValues("Set-Cookie"));
        Assert.NotEqual(Value(cookie), Value(next));
        Assert.Null((await refreshed.Content.ReadFromJsonAsync<ClientTokens>(Cancellation))!.RefreshToken);

        using var signedOut = await browser.Send(ByCookie("/v1/auth/sign-out", next), Cancellation);
        Assert.Equal(204, (int)signedOut.StatusCode);
        var gone = Assert.Single(signedOut.Headers.GetValues("Set-Cookie"));
        Assert.Equal("", Value(gone));
        Assert.Contains("1970", gone, StringComparison.Ordinal);
        using var after = await browser.Send(ByCookie("/v1/auth/refresh", next), Cancellation);
        Assert.Equal(401, (int)after.StatusCode);
        Assert.Equal("", Value(Assert.Single(after.Headers.GetValues("Set-Cookie"))));
    }

    [Fact]
    public async Task A_member_can_be_signed_in_by_it()
    {
        using var member = await fixture.Service.CreateMember(cancellationToken: Cancellation);

        using var answer = await member.Client.Send(
            CaptionClient.PostRequest("/v1/auth/sign-in", new { email = member.Email, password = member.Password, cookie = true }), Cancellation);

        Assert.Null((await answer.Content.ReadFromJsonAsync<ClientTokens>(Cancellation))!.RefreshToken);
        using var refreshed = await member.Client.Send(
            ByCookie("/v1/auth/refresh", Assert.Single(answer.Headers.GetValues("Set-Cookie"))), Cancellation);
        Assert.Equal(member.AccountId, (await refreshed.Content.ReadFromJsonAsync<ClientTokens>(Cancellation))!.AccountId);
    }

    private static async Task<(string Cookie, ClientSession Answer)> BecomeGuest(CaptionClient browser)
    {
        using var response = await browser.Send(CaptionClient.PostRequest("/v1/auth/guest", new { cookie = true }), Cancellation);
        return (Assert.Single(response.Headers.GetValues("Set-Cookie")), (await response.Content.ReadFromJsonAsync<ClientSession>(Cancellation))!);
    }

    private static HttpRequestMessage ByCookie(string path, string setCookie, string? csrf = "1")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Add("Cookie", setCookie.Split(';')[0]);
        if (csrf is not null)
            request.Headers.Add("X-CSRF", csrf);
        return request;
    }

    private static string Value(string setCookie) => setCookie.Split(';')[0][(Name.Length + 1)..];
}
