using System.Text.Json;
using AX2Caption.Api.Accounts;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AX2Caption.Api.Tests.Accounts;

public sealed class OperatorsTokens(ServiceFixture fixture) : IDisposable
{
    private const string Nowhere = "01900000-0000-7000-8000-000000000000";

    private readonly string folder = Directory.CreateTempSubdirectory("ax2-keys-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Everything => new()
    {
        { "GET", $"/v1/admin/accounts/{Nowhere}" },
        { "GET", $"/v1/admin/accounts/{Nowhere}/credits/entries" },
        { "POST", $"/v1/admin/accounts/{Nowhere}/credits/grants" },
        { "POST", $"/v1/admin/accounts/{Nowhere}/credits/adjustments" },
        { "POST", $"/v1/admin/accounts/{Nowhere}/credits/refunds" },
    };

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task Without_one_nothing_of_operators_answers(string method, string path)
    {
        using var nobody = fixture.Service.CreateClient();

        await nobody.Send(new HttpRequestMessage(new HttpMethod(method), path), Cancellation).Is(ErrorTable.TokenMissing);
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task A_guests_token_opens_nothing_of_operators(string method, string path)
    {
        using var guest = await fixture.NewGuest();
        using var response = await guest.Send(new HttpRequestMessage(new HttpMethod(method), path), Cancellation);

        await Task.FromResult(response).Is(ErrorTable.OperatorOnly);
        Assert.Contains("insufficient_scope", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task One_that_is_signed_with_another_key_is_forged(string method, string path)
    {
        var key = Path.Combine(folder, "another.pem");
        SigningKey.Create(key);
        using var forger = With(Tokens(key).IssueToOperator("Kim", TimeSpan.FromHours(1)).Token);

        await forger.Send(new HttpRequestMessage(new HttpMethod(method), path), Cancellation).Is(ErrorTable.TokenInvalid);
    }

    [Fact]
    public async Task A_guests_token_with_the_role_written_into_it_is_forged()
    {
        using var guest = fixture.Service.CreateClient();
        var parts = (await guest.BecomeGuest(Cancellation)).AccessToken.Split('.');
        var claims = Base64UrlEncoder.Decode(parts[1]);
        Assert.DoesNotContain("roles", claims, StringComparison.Ordinal);
        var changed = $"{claims[..^1]},\"name\":\"Kim\",\"roles\":[\"operator\"]}}";
        using var forger = With($"{parts[0]}.{Base64UrlEncoder.Encode(changed)}.{parts[2]}");

        await forger.Send(Look(), Cancellation).Is(ErrorTable.TokenInvalid);
    }

    [Fact]
    public async Task One_that_ran_out_is_expired()
    {
        var yesterday = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(-25));
        using var late = With(Tokens(fixture.Service.SigningKeyPath, yesterday).IssueToOperator("Kim", TimeSpan.FromHours(24)).Token);

        await late.Send(Look(), Cancellation).Is(ErrorTable.TokenExpired);
    }

    [Theory]
    [InlineData("""{ "name": "Kim", "roles": "operators" }""")]
    [InlineData("""{ "name": "Kim", "roles": ["Operator"] }""")]
    [InlineData("""{ "name": "Kim", "roles": ["viewer", "auditor"] }""")]
    [InlineData("""{ "name": "Kim", "role": "operator" }""")]
    [InlineData("""{ "name": "Kim", "scope": "operator" }""")]
    [InlineData("""{ "roles": ["operator"] }""")]
    public async Task A_token_with_another_role_or_without_a_name_is_no_operators(string claims)
    {
        using var other = With(Signed(claims));

        await other.Send(Look(), Cancellation).Is(ErrorTable.OperatorOnly);
    }

    [Fact]
    public async Task One_that_a_command_made_is_for_an_hour_under_the_name_that_was_given()
    {
        var token = await Made("Kim Ökonom");

        Assert.Equal(("at+jwt", "ES256"), (token.Typ, token.Alg));
        Assert.Equal(("Kim Ökonom", 1.0), (token.GetClaim("name").Value, (token.ValidTo - token.IssuedAt).TotalHours));
        Assert.Equal(["operator"], token.Claims.Where(claim => claim.Type == "roles").Select(claim => claim.Value));
        Assert.Equal(5, Guid.ParseExact(token.Subject, "D").Version);
        Assert.Equal(token.Subject, (await Made("Kim Ökonom", "24")).Subject);
        Assert.NotEqual(token.Subject, (await Made("Kim")).Subject);
        Assert.NotEqual(token.Id, (await Made("Kim Ökonom")).Id);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("24")]
    public async Task It_may_be_for_more_hours(string hours)
    {
        var token = await Made("Kim", hours);

        Assert.Equal(hours, $"{(token.ValidTo - token.IssuedAt).TotalHours}");
    }

    [Theory]
    [InlineData("Kim", "0")]
    [InlineData("Kim", "25")]
    [InlineData("Kim", "-1")]
    [InlineData("Kim", "1.5")]
    [InlineData("Kim", "")]
    [InlineData("Kim", "1", "2")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("two\nlines")]
    public async Task A_command_that_cannot_be_meant_makes_none_and_says_why(params string[] arguments)
    {
        var (exitCode, output, errors) = await fixture.Service.RunApiCommand(["create-operator-token", .. arguments], Cancellation);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith("create-operator-token NAME [HOURS]:", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_has_100_characters_at_the_most()
    {
        Assert.Equal(100, (await Made(new string('k', 100))).GetClaim("name").Value.Length);
        Assert.Equal(1, (await fixture.Service.RunApiCommand(["create-operator-token", new string('k', 101)], Cancellation)).ExitCode);
        Assert.Equal(1, (await fixture.Service.RunApiCommand(["create-operator-token"], Cancellation)).ExitCode);
    }

    [Fact]
    public async Task The_longest_name_goes_into_the_ledger_as_it_is()
    {
        using var guest = await fixture.NewGuest();
        var name = new string('ö', 100);
        using var someone = await fixture.Service.CreateOperator(name, Cancellation);

        var applied = await someone.Apply(guest.Session!.AccountId, "grants", new { amount = 1, reason = "A present." }, cancellationToken: Cancellation);

        Assert.Equal(name, applied.Entry.Actor);
    }

    [Fact]
    public async Task Elsewhere_it_is_a_token_of_an_account_that_has_nothing()
    {
        var operators = fixture.Operator;

        Assert.Equal(new ClientCredits(0, 0), await operators.Credits(Cancellation));
        Assert.Empty((await operators.Entries(cancellationToken: Cancellation)).Items);
        Assert.Empty((await operators.Videos(cancellationToken: Cancellation)).Items);
        Assert.Empty((await operators.Jobs(cancellationToken: Cancellation)).Items);
        var job = new { videoId = Nowhere, language = "en" };
        await operators.Send(CaptionClient.PostRequest("/v1/credits/quote", job), Cancellation).Is(ErrorTable.VideoNotFound);
        await operators.Send(CaptionClient.SubmitRequest(job, "key"), Cancellation).Is(ErrorTable.VideoNotFound);
        await operators.Send(new HttpRequestMessage(HttpMethod.Get, $"/v1/videos/{Nowhere}"), Cancellation).Is(ErrorTable.VideoNotFound);
        await operators.Send(new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{Nowhere}"), Cancellation).Is(ErrorTable.JobNotFound);
        await operators.Send(new HttpRequestMessage(HttpMethod.Post, $"/v1/jobs/{Nowhere}/cancel"), Cancellation).Is(ErrorTable.JobNotFound);
        await using var file = File.OpenRead(fixture.Text);
        await operators.Send(CaptionClient.UploadRequest(file, "text.mp4"), Cancellation).Is(ErrorTable.TokenInvalid);
    }

    private static HttpRequestMessage Look() => new(HttpMethod.Get, $"/v1/admin/accounts/{Nowhere}");

    private CaptionClient With(string token)
    {
        var client = fixture.Service.CreateClient();
        client.UseToken(token);
        return client;
    }

    private async Task<JsonWebToken> Made(params string[] arguments)
    {
        var (exitCode, output, errors) = await fixture.Service.RunApiCommand(["create-operator-token", .. arguments], Cancellation);
        Assert.Equal(0, exitCode);
        Assert.Matches(@"^[A-Za-z0-9_.-]+\n$", output);
        Assert.DoesNotContain(output.Trim(), errors, StringComparison.Ordinal);
        return new JsonWebToken(output.Trim());
    }

    /// <summary>A token of this service that claims what no command or endpoint would put into one.</summary>
    private string Signed(string claims)
    {
        var now = TimeProvider.System.GetUtcNow();
        var options = new AuthOptions();
        var all = JsonSerializer.Deserialize<Dictionary<string, object>>(claims)!;
        all["sub"] = $"{Guid.CreateVersion7()}";
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            TokenType = AccessTokens.Type,
            Issuer = options.Issuer,
            Audience = options.Audience,
            Claims = all,
            NotBefore = now.UtcDateTime,
            Expires = now.AddHours(1).UtcDateTime,
            SigningCredentials = new SigningCredentials(SigningKey.Read(fixture.Service.SigningKeyPath), SecurityAlgorithms.EcdsaSha256),
        });
    }

    private static AccessTokens Tokens(string key, TimeProvider? time = null) =>
        new(Options.Create(new AuthOptions { SigningKeyPath = key }), time ?? TimeProvider.System);
}
