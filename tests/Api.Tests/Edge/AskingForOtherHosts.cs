using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;

namespace AX2Caption.Api.Tests.Edge;

/// <summary>An Api that answers to localhost, 127.0.0.1 and all names below captions.example.</summary>
[Collection(GuardedApiTests.Name)]
public sealed class AskingForOtherHosts(GuardedApi api)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("evil.example")]
    [InlineData("captions.example")]
    [InlineData("captions.example.evil.example")]
    [InlineData("127.0.0.2")]
    public async Task Is_refused(string host) => await Get("/v1/credits", host).Is(ErrorTable.HostNotAllowed);

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:1234")]
    [InlineData("eu.captions.example")]
    public async Task Is_answered_by_a_name_of_the_service(string host) => await Get("/v1/credits", host).Is(ErrorTable.TokenMissing);

    [Fact]
    public async Task Is_refused_before_anything_is_redirected_there()
    {
        using var client = api.NewClient(api.Http);
        await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/docs/") { Headers = { Host = "evil.example" } }, Cancellation)
            .Is(ErrorTable.HostNotAllowed);
    }

    [Fact]
    public async Task Is_no_matter_to_health()
    {
        using var response = await Get("/health/live", "10.0.0.1");

        Assert.Equal(200, (int)response.StatusCode);
    }

    private async Task<HttpResponseMessage> Get(string path, string host)
    {
        using var client = api.NewClient(api.Https);
        return await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } }, Cancellation);
    }
}
