using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;

namespace AX2Caption.Api.Tests.Edge;

/// <summary>An Api that requires HTTPS, and listens to HTTP as well.</summary>
[Collection(GuardedApiTests.Name)]
public sealed class SpeakingHttps(GuardedApi api)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/docs/?a=b%20c&d")]
    [InlineData("HEAD", "/openapi/v1.json")]
    [InlineData("GET", "/v1/videos/%D1%8F")]
    [InlineData("GET", "//evil.example/path")]
    public async Task Readers_are_sent_there(string method, string path)
    {
        using var client = api.NewClient(api.Http);
        using var response = await client.SendAsync(
            new HttpRequestMessage(new HttpMethod(method), new Uri($"{api.Http.GetLeftPart(UriPartial.Authority)}{path}")), Cancellation);

        Assert.Equal(308, (int)response.StatusCode);
        Assert.Equal($"{api.Public.GetLeftPart(UriPartial.Authority)}{path}", response.Headers.Location?.OriginalString);
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Theory]
    [InlineData("POST", "/v1/auth/guest")]
    [InlineData("DELETE", "/v1/credits")]
    [InlineData("OPTIONS", "/v1/credits")]
    public async Task Whoever_sends_something_is_refused(string method, string path)
    {
        using var client = api.NewClient(api.Http);

        await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancellation).Is(ErrorTable.HttpsRequired);
    }

    [Fact]
    public async Task Health_is_answered_either_way()
    {
        foreach (var url in new[] { api.Http, api.Https })
        {
            using var client = api.NewClient(url);
            using var response = await client.GetAsync("/health/live", Cancellation);
            Assert.Equal(200, (int)response.StatusCode);
        }
    }

    [Fact]
    public async Task Is_promised_for_two_years_and_only_where_it_is_spoken()
    {
        using var https = api.NewClient(api.Https);
        using var http = api.NewClient(api.Http);

        using var promised = await https.GetAsync("/health/live", Cancellation);
        using var unpromised = await http.GetAsync("/health/live", Cancellation);
        using var redirected = await http.GetAsync("/docs/", Cancellation);

        Assert.Equal("max-age=63072000; includeSubDomains; preload", Assert.Single(promised.Headers.GetValues("Strict-Transport-Security")));
        Assert.False(unpromised.Headers.Contains("Strict-Transport-Security"));
        Assert.False(redirected.Headers.Contains("Strict-Transport-Security"));
    }
}
