using System.Text.Json;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AX2Caption.Api.Tests.Sessions;

/// <summary>Two Apis that read their keys again every tenth of a second, and sign with a new one after two seconds.</summary>
public sealed class RotatingSigningKeys(ServiceFixture fixture) : IAsyncLifetime
{
    private CaptionService service = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => service = await CaptionService.Start(await fixture.CreateDatabase(), new CaptionServiceSettings
    {
        Api = new Dictionary<string, string> { ["Auth__KeyReloadInterval"] = "00:00:00.100", ["Auth__KeyPublicationDelay"] = "00:00:02" },
    });

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Signs_nobody_out_and_every_token_can_be_checked_with_the_published_keys()
    {
        using var here = service.CreateClient();
        using var there = new CaptionClient(await service.StartFurtherApi(Cancellation));
        var session = await here.BecomeGuest(Cancellation);
        there.UseToken(session.AccessToken);
        var before = KeyOf(session.AccessToken);

        var (exitCode, output, errors) = await service.RunApiCommand(["rotate-signing-key", service.SigningKeyFolder], Cancellation);
        Assert.True(exitCode == 0, errors);
        Assert.Contains("another signing key", output, StringComparison.Ordinal);

        var refreshed = session.RefreshToken!;
        string latest;
        do
        {
            var tokens = await here.Refresh(refreshed, Cancellation);
            (refreshed, latest) = (tokens.RefreshToken!, tokens.AccessToken);
            await Check(there, latest);
            await there.Me(Cancellation);
        }
        while (KeyOf(latest) == before);

        there.UseToken(latest);
        await there.Me(Cancellation);
        here.UseToken(session.AccessToken);
        await here.Me(Cancellation);
    }

    /// <summary>As a service would that has nothing but the published keys.</summary>
    private static async Task Check(CaptionClient client, string token)
    {
        using var response = await client.Send(new HttpRequestMessage(HttpMethod.Get, "/.well-known/jwks.json"), Cancellation);
        Assert.Equal("public, max-age=300", response.Headers.CacheControl!.ToString());
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        foreach (var key in JsonDocument.Parse(text).RootElement.GetProperty("keys").EnumerateArray())
            Assert.False(key.TryGetProperty("d", out _));
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKeys = new JsonWebKeySet(text).GetSigningKeys(),
            ValidIssuer = "ax2caption",
            ValidAudience = "ax2caption-api",
        });
        Assert.True(result.IsValid, result.Exception?.Message);
    }

    private static string KeyOf(string token) => new JsonWebToken(token).Kid;
}
