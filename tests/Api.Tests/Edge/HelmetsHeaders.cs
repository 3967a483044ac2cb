using AX2Caption.Api.Edge;
using AX2Caption.Api.Tests.Fixtures;

namespace AX2Caption.Api.Tests.Edge;

/// <summary>The twelve headers that Helmet 8.3 sets by default, and the one that it takes away, on every kind of answer.</summary>
[Collection(GuardedApiTests.Name)]
public sealed class HelmetsHeaders(GuardedApi api)
{
    private const string HelmetsPolicy =
        "default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';frame-ancestors 'self';img-src 'self' data:;"
        + "object-src 'none';script-src 'self';script-src-attr 'none';style-src 'self' https: 'unsafe-inline';upgrade-insecure-requests";

    /// <param name="Name">The header.</param>
    /// <param name="Helmets">Helmet's value.</param>
    /// <param name="Ours">Ours, outside the pages for people.</param>
    /// <param name="Why">Why it differs; null if it does not.</param>
    public sealed record Row(string Name, string Helmets, string Ours, string? Why = null)
    {
        public override string ToString() => Name;
    }

    private static readonly Row[] Rows =
    [
        new("Content-Security-Policy", HelmetsPolicy, ContentPolicies.Api,
            "Helmet's fits a site of pages. The API's answers load nothing at all; its pages have policies of their own."),
        new("Cross-Origin-Opener-Policy", "same-origin", "same-origin"),
        new("Cross-Origin-Resource-Policy", "same-origin", "same-origin"),
        new("Origin-Agent-Cluster", "?1", "?1"),
        new("Referrer-Policy", "no-referrer", "no-referrer"),
        new("Strict-Transport-Security", "max-age=31536000; includeSubDomains", "max-age=63072000; includeSubDomains; preload",
            "Two years and preload are what browsers' own lists ask for. Only over HTTPS, where alone browsers heed it."),
        new("X-Content-Type-Options", "nosniff", "nosniff"),
        new("X-DNS-Prefetch-Control", "off", "off"),
        new("X-Download-Options", "noopen", "noopen"),
        new("X-Frame-Options", "SAMEORIGIN", "DENY", "Nothing here is made for a frame, as frame-ancestors 'none' says too."),
        new("X-Permitted-Cross-Domain-Policies", "none", "none"),
        new("X-XSS-Protection", "0", "0"),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Are_twelve_and_a_difference_has_a_reason()
    {
        Assert.Equal(12, Rows.Select(row => row.Name).Distinct().Count());
        Assert.All(Rows, row => Assert.Equal(row.Helmets != row.Ours, row.Why is not null));
    }

    [Theory]
    [InlineData("GET", "/openapi/v1.json", 200)]
    [InlineData("GET", "/health/live", 200)]
    [InlineData("GET", "/health/ready", 200)]
    [InlineData("POST", "/v1/auth/guest", 201)]
    [InlineData("GET", "/", 404)]
    [InlineData("GET", "/v1/nothing", 404)]
    [InlineData("GET", "/v1/credits", 401)]
    [InlineData("POST", "/v1/jobs", 401)]
    [InlineData("DELETE", "/v1/credits", 405)]
    public async Task Are_on_an_answer(string method, string path, int status)
    {
        using var client = api.NewClient(api.Https);

        using var response = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancellation);

        Assert.Equal(status, (int)response.StatusCode);
        AreOn(response);
    }

    [Fact]
    public async Task Are_on_a_refusal_by_a_limit()
    {
        using var client = api.NewClient(api.Https);
        using var response = await Last(client, GuardedApi.GuestsPerAddress + 1);

        Assert.Equal(429, (int)response.StatusCode);
        AreOn(response);
    }

    [Theory]
    [InlineData("/docs/", 200)]
    [InlineData("/docs", 302)]
    [InlineData("/docs/scalar.js", 200)]
    [InlineData("/account/anything", 404)]
    public async Task Are_on_pages_with_policies_that_fit_them(string path, int status)
    {
        using var client = api.NewClient(api.Https);
        using var response = await client.GetAsync(path, Cancellation);

        Assert.Equal(status, (int)response.StatusCode);
        AreOn(response, except: ["Content-Security-Policy", "Referrer-Policy"]);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
        Assert.Contains("base-uri 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Let_the_documentation_run_no_script_that_another_answer_allowed()
    {
        using var client = api.NewClient(api.Https);
        var policies = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var response = await client.GetAsync("/docs/", Cancellation);
            policies.Add(Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        }

        Assert.All(policies, policy => Assert.Matches("script-src 'nonce-[A-Za-z0-9_-]{22,}' 'sha256-[A-Za-z0-9+/]{43}='; ", policy));
        Assert.NotEqual(policies[0], policies[1]);
    }

    [Fact]
    public async Task Let_form_pages_post_home_and_run_no_script()
    {
        using var client = api.NewClient(api.Https);
        using var response = await client.GetAsync("/account/anything", Cancellation);

        Assert.Equal(ContentPolicies.Forms, Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        Assert.Contains("form-action 'self'", ContentPolicies.Forms, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", ContentPolicies.Forms, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", ContentPolicies.Forms, StringComparison.Ordinal);
        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Theory]
    [InlineData("/v1/credits", true)]
    [InlineData("/v1/nothing", true)]
    [InlineData("/docs/", true)]
    [InlineData("/openapi/v1.json", false)]
    public async Task Keep_answers_out_of_caches_but_public_ones(string path, bool noStore)
    {
        using var client = api.NewClient(api.Https);
        using var response = await client.GetAsync(path, Cancellation);

        Assert.Equal(noStore, response.Headers.CacheControl?.NoStore == true);
    }

    private static void AreOn(HttpResponseMessage response, params string[] except)
    {
        Assert.Equal(
            Rows.Where(row => !except.Contains(row.Name)).Select(row => (row.Name, row.Ours)),
            Rows.Where(row => !except.Contains(row.Name)).Select(row =>
                (row.Name, response.Headers.TryGetValues(row.Name, out var values) ? string.Join('|', values) : "none")));
        Assert.True(response.Headers.Contains("Permissions-Policy"));
        Assert.False(response.Headers.Contains("X-Powered-By"));
        Assert.False(response.Headers.Contains("Server"));
    }

    private static async Task<HttpResponseMessage> Last(HttpClient client, int requests)
    {
        for (var i = 1; i < requests; i++)
            (await client.PostAsync("/v1/auth/guest", null, Cancellation)).Dispose();
        return await client.PostAsync("/v1/auth/guest", null, Cancellation);
    }
}
