using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Sessions;

/// <summary>Refresh tokens, shown to two Apis of one service.</summary>
public sealed class StayingSignedIn(ServiceFixture fixture) : IAsyncLifetime
{
    private CaptionClient here = null!;
    private CaptionClient there = null!;
    private string first = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        here = await fixture.NewGuest();
        there = await fixture.CreateClientOfTheOtherApi();
        first = here.Session!.RefreshToken!;
    }

    public ValueTask DisposeAsync()
    {
        here.Dispose();
        there.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Goes_from_token_to_token_on_either_Api()
    {
        var second = await there.Refresh(first, Cancellation);
        var third = await here.Refresh(second.RefreshToken!, Cancellation);

        Assert.Equal(here.Session!.AccountId, (await here.Me(Cancellation)).Id);
        Assert.Equal(here.Session.AccountId, (await there.Me(Cancellation)).Id);
        Assert.Equal(3, new[] { first, second.RefreshToken, third.RefreshToken }.Distinct().Count());
        Assert.True(third.SessionExpiresAt > third.ExpiresAt);
    }

    [Fact]
    public async Task A_lost_answer_is_given_again_with_the_same_token()
    {
        var lost = await there.Refresh(first, Cancellation);

        var again = await here.Refresh(first, Cancellation);

        Assert.Equal(lost.RefreshToken, again.RefreshToken);
        await there.Refresh(again.RefreshToken!, Cancellation);
    }

    [Fact]
    public async Task Tabs_that_ask_at_once_are_given_the_same_token()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? here : there).Refresh(first, Cancellation)));

        Assert.Single(answers.Select(answer => answer.RefreshToken).Distinct());
    }

    [Fact]
    public async Task A_token_from_further_back_ends_the_session_and_its_newest_tokens_on_both_Apis()
    {
        var second = await here.Refresh(first, Cancellation);
        var third = await there.Refresh(second.RefreshToken!, Cancellation);

        await Refuses(here, first, ErrorTable.SessionEnded);

        await Me(here).Is(ErrorTable.SessionEnded);
        await Me(there).Is(ErrorTable.SessionEnded);
        await Refuses(there, third.RefreshToken!, ErrorTable.SessionEnded);
        var @event = Assert.Single((await fixture.Operator.Events($"?kind=refresh_token_reused&accountId={here.Session!.AccountId}", Cancellation)).Items);
        Assert.Equal("127.0.0.1", @event.Address);
    }

    [Fact]
    public async Task A_thief_and_the_owner_cannot_go_on_side_by_side()
    {
        var stolen = first;
        var owners = first;
        var rounds = 0;
        // Each time one of them refreshes twice before the other comes: the other's token is then no parent any more.
        while (true)
        {
            Assert.InRange(++rounds, 1, 3);
            owners = (await here.Refresh(owners, Cancellation)).RefreshToken!;
            owners = (await here.Refresh(owners, Cancellation)).RefreshToken!;
            using var answer = await there.Send(Refresh(stolen), Cancellation);
            if (!answer.IsSuccessStatusCode)
                break;
        }

        await Refuses(here, owners, ErrorTable.SessionEnded);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public Task What_is_no_token_ends_nothing(string token) => Refuses(here, token, ErrorTable.RefreshTokenInvalid);

    [Fact]
    public async Task Somebody_who_only_knows_the_session_cannot_end_it()
    {
        var forged = first[..22] + new string('A', 64);

        await Refuses(there, forged, ErrorTable.RefreshTokenInvalid);
        using (var signOut = await there.Send(CaptionClient.PostRequest("/v1/auth/sign-out", new { refreshToken = forged }), Cancellation))
            Assert.Equal(401, (int)signOut.StatusCode);

        await here.Me(Cancellation);
    }

    [Fact]
    public async Task Signing_out_ends_this_device_and_no_other()
    {
        using var member = await fixture.Service.CreateMember(cancellationToken: Cancellation);
        var elsewhere = await there.SignIn(member.Email, member.Password, Cancellation);

        await member.Client.Post("/v1/auth/sign-out", new { refreshToken = member.Tokens!.RefreshToken }, Cancellation);

        await Me(member.Client).Is(ErrorTable.SessionEnded);
        await Refuses(there, member.Tokens.RefreshToken!, ErrorTable.SessionEnded);
        await there.Me(Cancellation);
        await there.Refresh(elsewhere.RefreshToken!, Cancellation);
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_all()
    {
        using var member = await fixture.Service.CreateMember(cancellationToken: Cancellation);
        var elsewhere = await there.SignIn(member.Email, member.Password, Cancellation);

        await member.Client.Post("/v1/auth/sign-out-everywhere", new { }, Cancellation);

        await Me(member.Client).Is(ErrorTable.SessionEnded);
        await Me(there).Is(ErrorTable.SessionEnded);
        await Refuses(here, elsewhere.RefreshToken!, ErrorTable.SessionEnded);
    }

    [Fact]
    public async Task Devices_are_listed_and_one_can_be_signed_out()
    {
        using var member = await fixture.Service.CreateMember(cancellationToken: Cancellation);
        await there.SignIn(member.Email, member.Password, Cancellation);

        var devices = await member.Client.Devices(Cancellation);
        Assert.Equal([false, true], devices.Select(device => device.Current));
        using (var ended = await member.Client.Send(new HttpRequestMessage(HttpMethod.Delete, $"/v1/me/sessions/{devices[0].Id}"), Cancellation))
            Assert.Equal(204, (int)ended.StatusCode);

        await Me(there).Is(ErrorTable.SessionEnded);
        Assert.Single(await member.Client.Devices(Cancellation));
        await here.Send(new HttpRequestMessage(HttpMethod.Delete, $"/v1/me/sessions/{devices[1].Id}"), Cancellation).Is(ErrorTable.SessionNotFound);
        await member.Client.Me(Cancellation);
    }

    private static HttpRequestMessage Refresh(string token) => CaptionClient.PostRequest("/v1/auth/refresh", new { refreshToken = token });

    private static Task Refuses(CaptionClient client, string token, Error error) => client.Send(Refresh(token), Cancellation).Is(error);

    private static Task<HttpResponseMessage> Me(CaptionClient client) => client.Send(new HttpRequestMessage(HttpMethod.Get, "/v1/me"), Cancellation);
}
