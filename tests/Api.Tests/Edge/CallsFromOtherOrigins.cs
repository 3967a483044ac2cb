using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;

namespace AX2Caption.Api.Tests.Edge;

/// <summary>An Api that pages of https://app.example and http://localhost:3000 may call.</summary>
[Collection(GuardedApiTests.Name)]
public sealed class CallsFromOtherOrigins(GuardedApi api)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(GuardedApi.Origin)]
    [InlineData(GuardedApi.OtherOrigin)]
    public async Task Are_announced_and_allowed_with_what_the_API_uses(string origin)
    {
        using var response = await Preflight(origin, "PATCH", "authorization,content-type,idempotency-key,x-request-id,x-csrf");

        Assert.Equal(204, (int)response.StatusCode);
        Assert.Equal(origin, Value(response, "Access-Control-Allow-Origin"));
        Assert.Equal("true", Value(response, "Access-Control-Allow-Credentials"));
        Assert.Equal("3600", Value(response, "Access-Control-Max-Age"));
        Assert.Contains("Origin", response.Headers.Vary);
        Assert.Equal(
            [
                "authorization", "content-type", "idempotency-key", "if-none-match", "last-event-id", "tus-resumable", "upload-checksum", "upload-length", "upload-metadata",
                "upload-offset", "x-csrf", "x-http-method-override", "x-request-id",
            ],
            Value(response, "Access-Control-Allow-Headers").Split(',').Select(name => name.ToLowerInvariant()).Order());
        Assert.Equal(
            ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"], Value(response, "Access-Control-Allow-Methods").Split(',').Order());
    }

    [Theory]
    [InlineData(GuardedApi.Origin, "TRACE", "content-type")]
    [InlineData(GuardedApi.Origin, "GET", "x-forwarded-for")]
    public async Task Are_not_allowed_with_anything_else(string origin, string method, string headers)
    {
        using var response = await Preflight(origin, method, headers);

        Assert.DoesNotContain(method == "TRACE" ? method : headers, string.Join(',', response.Headers.SelectMany(header => header.Value)), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("https://app.example.evil.example")]
    [InlineData("http://app.example")]
    [InlineData("https://app.example:8443")]
    [InlineData("https://sub.app.example")]
    [InlineData("null")]
    public async Task Of_others_are_not_allowed(string origin)
    {
        using var preflight = await Preflight(origin, "GET", "authorization");
        using var call = await Call(origin, "/v1/credits");

        foreach (var response in new[] { preflight, call })
        {
            Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
            Assert.Contains("Origin", response.Headers.Vary);
        }
    }

    [Fact]
    public async Task Can_read_refusals_and_what_they_say_besides()
    {
        using var response = await Call(GuardedApi.Origin, "/v1/credits");

        Assert.Equal(GuardedApi.Origin, Value(response, "Access-Control-Allow-Origin"));
        Assert.Equal("true", Value(response, "Access-Control-Allow-Credentials"));
        Assert.Equal(
            [
                "ETag", "Idempotency-Replayed", "Location", "Retry-After", "Tus-Checksum-Algorithm", "Tus-Extension", "Tus-Max-Size",
                "Tus-Resumable", "Tus-Version", "Upload-Expires", "Upload-Length", "Upload-Metadata", "Upload-Offset", "X-Request-Id",
            ],
            Value(response, "Access-Control-Expose-Headers").Split(',').Order(StringComparer.Ordinal));
        await Task.FromResult(response).Is(ErrorTable.TokenMissing);
    }

    [Fact]
    public async Task Can_read_that_they_are_too_many()
    {
        using var client = api.NewClient(api.Https);
        client.DefaultRequestHeaders.Add("Origin", GuardedApi.Origin);
        for (var i = 0; i < GuardedApi.GuestsPerAddress; i++)
            (await client.PostAsync("/v1/auth/guest", null, Cancellation)).Dispose();

        using var response = await client.PostAsync("/v1/auth/guest", null, Cancellation);

        Assert.Equal(429, (int)response.StatusCode);
        Assert.Equal(GuardedApi.Origin, Value(response, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Are_only_to_the_API()
    {
        using var response = await Call(GuardedApi.Origin, "/docs/");

        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private async Task<HttpResponseMessage> Preflight(string origin, string method, string headers)
    {
        using var client = api.NewClient(api.Https);
        return await client.SendAsync(
            new HttpRequestMessage(HttpMethod.Options, "/v1/jobs")
            {
                Headers = { { "Origin", origin }, { "Access-Control-Request-Method", method }, { "Access-Control-Request-Headers", headers } },
            },
            Cancellation);
    }

    private async Task<HttpResponseMessage> Call(string origin, string path)
    {
        using var client = api.NewClient(api.Https);
        return await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Origin", origin } } }, Cancellation);
    }

    private static string Value(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));
}
