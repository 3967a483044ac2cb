using AX2Caption.Api.Accounts;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AX2Caption.Api.Tests.Accounts;

public sealed class BadTokens(ServiceFixture fixture) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ax2-keys-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("GET", "/v1/videos")]
    [InlineData("POST", "/v1/videos")]
    [InlineData("GET", "/v1/videos/01900000-0000-7000-8000-000000000000")]
    [InlineData("GET", "/v1/jobs")]
    [InlineData("POST", "/v1/jobs")]
    [InlineData("GET", "/v1/jobs/01900000-0000-7000-8000-000000000000")]
    [InlineData("POST", "/v1/jobs/01900000-0000-7000-8000-000000000000/cancel")]
    [InlineData("GET", "/v1/jobs/01900000-0000-7000-8000-000000000000/captions.srt")]
    [InlineData("GET", "/v1/credits")]
    [InlineData("GET", "/v1/credits/entries")]
    [InlineData("POST", "/v1/credits/quote")]
    public async Task Without_a_token_nothing_of_an_account_answers(string method, string path)
    {
        using var client = fixture.Service.CreateClient();

        await client.Send(new HttpRequestMessage(new HttpMethod(method), path), TestContext.Current.CancellationToken).Is(ErrorTable.TokenMissing);
    }

    [Fact]
    public Task A_token_signed_with_another_key_is_forged() => IsRefused(
        Tokens(AnotherKey()).Issue(Guid.CreateVersion7()).Token, ErrorTable.TokenInvalid);

    [Fact]
    public Task A_token_that_ran_out_is_expired() => IsRefused(
        Tokens(fixture.Service.SigningKeyPath, time: new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(-2))).Issue(Guid.CreateVersion7()).Token,
        ErrorTable.TokenExpired);

    [Fact]
    public Task A_token_for_another_audience_is_not_for_here() => IsRefused(
        Tokens(fixture.Service.SigningKeyPath, audience: "elsewhere").Issue(Guid.CreateVersion7()).Token, ErrorTable.TokenInvalid);

    [Fact]
    public async Task A_token_whose_claims_were_changed_is_forged()
    {
        using var client = fixture.Service.CreateClient();
        var parts = (await client.BecomeGuest(TestContext.Current.CancellationToken)).AccessToken.Split('.');
        var claims = Base64UrlEncoder.Decode(parts[1]).Replace("\"sub\":\"", "\"sub\":\"0", StringComparison.Ordinal);

        await IsRefused($"{parts[0]}.{Base64UrlEncoder.Encode(claims)}.{parts[2]}", ErrorTable.TokenInvalid);
    }

    [Fact]
    public Task A_token_without_a_signature_is_forged() => IsRefused(
        new JsonWebTokenHandler().CreateToken(Descriptor(signing: null, AccessTokens.Type)), ErrorTable.TokenInvalid);

    [Fact]
    public Task A_token_of_another_type_is_no_access_token() => IsRefused(
        new JsonWebTokenHandler().CreateToken(Descriptor(
            new SigningCredentials(SigningKey.Read(fixture.Service.SigningKeyPath), SecurityAlgorithms.EcdsaSha256), "JWT")),
        ErrorTable.TokenInvalid);

    [Theory]
    [InlineData("nonsense")]
    [InlineData("a.b.c")]
    public Task Nonsense_is_no_token(string token) => IsRefused(token, ErrorTable.TokenInvalid);

    private async Task IsRefused(string token, Error error)
    {
        using var client = fixture.Service.CreateClient();
        client.UseToken(token);
        using var response = await client.Send(new HttpRequestMessage(HttpMethod.Get, "/v1/credits"), TestContext.Current.CancellationToken);

        await Task.FromResult(response).Is(error);
        Assert.Contains("invalid_token", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    private string AnotherKey()
    {
        var path = Path.Combine(folder, "another.pem");
        SigningKey.Create(path);
        return path;
    }

    private static AccessTokens Tokens(string key, string? audience = null, TimeProvider? time = null)
    {
        var options = new AuthOptions { SigningKeyPath = key };
        options.Audience = audience ?? options.Audience;
        return new AccessTokens(Options.Create(options), time ?? TimeProvider.System);
    }

    private static SecurityTokenDescriptor Descriptor(SigningCredentials? signing, string type)
    {
        var now = TimeProvider.System.GetUtcNow();
        var options = new AuthOptions();
        return new SecurityTokenDescriptor
        {
            TokenType = type,
            Issuer = options.Issuer,
            Audience = options.Audience,
            Claims = new Dictionary<string, object> { ["sub"] = Guid.CreateVersion7().ToString() },
            NotBefore = now.UtcDateTime,
            Expires = now.AddHours(1).UtcDateTime,
            SigningCredentials = signing,
        };
    }
}
