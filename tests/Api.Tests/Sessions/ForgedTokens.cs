using System.Security.Cryptography;
using System.Text;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Sessions;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AX2Caption.Api.Tests.Sessions;

/// <summary>Tokens for a session that really lives, each of which is wrong in one way only.</summary>
public sealed class ForgedTokens(ServiceFixture fixture) : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("ax2-keys-").FullName;
    private CaptionClient guest = null!;
    private string[] parts = [];
    private Guid accountId;
    private Guid sessionId;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ECDsaSecurityKey Key => SigningKey.Read(fixture.Service.FirstSigningKey);

    private string Claims => Base64UrlEncoder.Decode(parts[1]);

    public async ValueTask InitializeAsync()
    {
        guest = await fixture.NewGuest();
        parts = guest.Session!.AccessToken.Split('.');
        accountId = guest.Session.AccountId;
        sessionId = Guid.Parse(new JsonWebToken(guest.Session.AccessToken).GetClaim("sid").Value);
    }

    public ValueTask DisposeAsync()
    {
        guest.Dispose();
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_same_made_with_the_services_own_key_is_good()
    {
        guest.UseToken(ServiceTokens.With(fixture.Service.SigningKeyFolder).Issue(accountId, sessionId).Token);

        Assert.Equal(accountId, (await guest.Me(Cancellation)).Id);
    }

    [Fact]
    public Task Signed_with_another_key() => IsRefused(ServiceTokens.With(AnotherKeyFolder()).Issue(accountId, sessionId).Token, ErrorTable.TokenInvalid);

    [Fact]
    public Task Signed_with_another_key_under_the_id_of_ours()
    {
        var another = SigningKey.Read(Directory.GetFiles(AnotherKeyFolder()).Single());
        another.KeyId = Key.KeyId;
        return IsRefused(Sign(new SigningCredentials(another, SecurityAlgorithms.EcdsaSha256)), ErrorTable.TokenInvalid);
    }

    [Fact]
    public Task With_a_key_of_its_own_in_the_header()
    {
        var another = SigningKey.Read(Directory.GetFiles(AnotherKeyFolder()).Single());
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(another);
        var header = new Dictionary<string, object>
        {
            ["jwk"] = new Dictionary<string, object> { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = jwk.X, ["y"] = jwk.Y },
            ["jku"] = "http://127.0.0.1:9/keys",
        };
        return IsRefused(Sign(new SigningCredentials(another, SecurityAlgorithms.EcdsaSha256), header), ErrorTable.TokenInvalid);
    }

    [Theory]
    [InlineData("../../../../etc/passwd")]
    [InlineData("' or 1=1 --")]
    [InlineData("")]
    public Task With_the_id_of_no_key(string kid) => IsRefused(
        Signed($$"""{"alg":"ES256","typ":"at+jwt","kid":"{{kid}}"}""", Claims, ES256), ErrorTable.TokenInvalid);

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("nOnE")]
    public Task Without_a_signature(string algorithm)
    {
        var header = Base64UrlEncoder.Encode($$"""{"alg":"{{algorithm}}","typ":"at+jwt","kid":"{{Key.KeyId}}"}""");
        return IsRefused($"{header}.{parts[1]}.", ErrorTable.TokenInvalid);
    }

    [Fact]
    public Task With_the_public_key_as_the_secret_of_HS256()
    {
        using var pair = ECDsa.Create();
        pair.ImportFromPem(File.ReadAllText(fixture.Service.FirstSigningKey));
        var secret = Encoding.ASCII.GetBytes(pair.ExportSubjectPublicKeyInfoPem());
        return IsRefused(
            Signed($$"""{"alg":"HS256","typ":"at+jwt","kid":"{{Key.KeyId}}"}""", Claims, bytes => HMACSHA256.HashData(secret, bytes)),
            ErrorTable.TokenInvalid);
    }

    [Fact]
    public Task Of_another_type() => IsRefused(Signed($$"""{"alg":"ES256","typ":"JWT","kid":"{{Key.KeyId}}"}""", Claims, ES256), ErrorTable.TokenInvalid);

    [Fact]
    public Task For_another_audience() => IsRefused(Token(options => options.Audience = "elsewhere"), ErrorTable.TokenInvalid);

    [Fact]
    public Task From_another_issuer() => IsRefused(Token(options => options.Issuer = "somebody"), ErrorTable.TokenInvalid);

    [Fact]
    public Task That_ran_out() => IsRefused(Token(time: At(TimeSpan.FromMinutes(-16))), ErrorTable.TokenExpired);

    [Fact]
    public Task That_is_not_good_yet() => IsRefused(Token(time: At(TimeSpan.FromMinutes(2))), ErrorTable.TokenInvalid);

    [Fact]
    public Task That_never_ends() => IsRefused(WithClaims(Claims.Replace("\"exp\":", "\"was-exp\":", StringComparison.Ordinal)), ErrorTable.TokenInvalid);

    [Fact]
    public Task Whose_claims_were_changed() => IsRefused(
        $"{parts[0]}.{Base64UrlEncoder.Encode(Claims.Replace("\"sub\":\"0", "\"sub\":\"1", StringComparison.Ordinal))}.{parts[2]}", ErrorTable.TokenInvalid);

    [Fact]
    public async Task Of_one_account_for_the_session_of_another()
    {
        using var another = await fixture.NewGuest();

        await IsRefused(
            ServiceTokens.With(fixture.Service.SigningKeyFolder).Issue(another.Session!.AccountId, sessionId).Token, ErrorTable.SessionEnded);
    }

    [Fact]
    public Task For_a_session_that_never_was() => IsRefused(
        ServiceTokens.With(fixture.Service.SigningKeyFolder).Issue(accountId, Guid.CreateVersion7()).Token, ErrorTable.SessionEnded);

    [Fact]
    public Task Without_a_session() => IsRefused(WithClaims(Claims.Replace("\"sid\":", "\"was-sid\":", StringComparison.Ordinal)), ErrorTable.TokenInvalid);

    [Fact]
    public async Task With_an_admins_role_written_into_it_by_ourselves_it_is_a_guests_all_the_same()
    {
        guest.UseToken(WithClaims($"{Claims[..^1]},\"roles\":[\"admin\"],\"admin\":\"true\",\"kind\":\"member\"}}"));

        Assert.Equal("guest", (await guest.Me(Cancellation)).Kind);
        await guest.Send(new HttpRequestMessage(HttpMethod.Get, "/v1/admin/audit-events"), Cancellation).Is(ErrorTable.OperatorOnly);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("a.b.c")]
    [InlineData("....")]
    public Task That_are_nonsense(string token) => IsRefused(token, ErrorTable.TokenInvalid);

    private async Task IsRefused(string token, Error error)
    {
        guest.UseToken(token);
        using var response = await guest.Send(new HttpRequestMessage(HttpMethod.Get, "/v1/credits"), Cancellation);

        await Task.FromResult(response).Is(error);
        Assert.Contains("invalid_token", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    private string Token(Action<AuthOptions>? change = null, TimeProvider? time = null) =>
        ServiceTokens.With(fixture.Service.SigningKeyFolder, change, time).Issue(accountId, sessionId).Token;

    private string WithClaims(string claims) => Signed(Base64UrlEncoder.Decode(parts[0]), claims, ES256);

    private string Sign(SigningCredentials credentials, Dictionary<string, object>? header = null) => new JsonWebTokenHandler().CreateToken(
        new SecurityTokenDescriptor
        {
            TokenType = AccessTokens.Type,
            Issuer = new AuthOptions().Issuer,
            Audience = new AuthOptions().Audience,
            Claims = new Dictionary<string, object> { ["sub"] = $"{accountId}", ["sid"] = $"{sessionId}" },
            NotBefore = TimeProvider.System.GetUtcNow().UtcDateTime,
            Expires = TimeProvider.System.GetUtcNow().AddMinutes(10).UtcDateTime,
            SigningCredentials = credentials,
            AdditionalHeaderClaims = header,
        });

    private byte[] ES256(byte[] bytes) => Key.ECDsa.SignData(bytes, HashAlgorithmName.SHA256);

    private static string Signed(string header, string claims, Func<byte[], byte[]> sign)
    {
        var content = $"{Base64UrlEncoder.Encode(header)}.{Base64UrlEncoder.Encode(claims)}";
        return $"{content}.{Base64UrlEncoder.Encode(sign(Encoding.ASCII.GetBytes(content)))}";
    }

    private static FakeTimeProvider At(TimeSpan offset) => new(TimeProvider.System.GetUtcNow() + offset);

    private string AnotherKeyFolder()
    {
        SigningKeyFolder.CreateFirst(folder, TimeProvider.System.GetUtcNow().AddDays(-1));
        return folder;
    }
}
