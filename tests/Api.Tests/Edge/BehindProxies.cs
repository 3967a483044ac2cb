using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;

namespace AX2Caption.Api.Tests.Edge;

/// <summary>An Api that trusts proxies on 127.0.0.1 and in 10.1.0.0/16. A network may make two guests, and nobody in the clear.</summary>
[Collection(GuardedApiTests.Name)]
public sealed class BehindProxies(GuardedApi api)
{
    /// <summary>Loopback as well, but no proxy.</summary>
    private const string Stranger = "127.0.0.2";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_client_that_a_trusted_proxy_names_is_the_one_that_is_limited()
    {
        var address = api.NewAddress();
        await UseUp(address);

        Assert.Equal(429, await CreateGuest(address));
        Assert.Equal(201, await CreateGuest(api.NewAddress()));
    }

    [Fact]
    public async Task What_the_client_wrote_into_the_chain_itself_is_not_believed()
    {
        var address = api.NewAddress();
        await UseUp(address);

        Assert.Equal(429, await CreateGuest($"{api.NewAddress()}, {address}"));
        // Not even if it looks like one of our proxies.
        Assert.Equal(429, await CreateGuest($"{api.NewAddress()}, 10.1.2.3, {address}"));
    }

    [Fact]
    public async Task A_chain_of_trusted_proxies_is_followed_to_its_client()
    {
        var address = api.NewAddress();
        await UseUp($"{address}, 10.1.2.3, 10.1.255.254");

        Assert.Equal(429, await CreateGuest(address));
        // 10.2.0.1 is in no trusted network, so it is the client itself.
        Assert.Equal(201, await CreateGuest($"{address}, 10.2.0.1"));
    }

    [Fact]
    public async Task What_a_stranger_says_of_others_is_ignored()
    {
        for (var i = 0; i < GuardedApi.GuestsPerAddress; i++)
            Assert.Equal(201, await CreateGuest(api.NewAddress(), Stranger));

        Assert.Equal(429, await CreateGuest(api.NewAddress(), Stranger));
    }

    [Fact]
    public async Task HTTPS_up_to_a_trusted_proxy_counts_and_a_strangers_word_does_not()
    {
        using var trusted = api.NewClient(api.Http);
        using var stranger = api.NewClient(api.Http, api.NewAddress(), Stranger);
        foreach (var client in new[] { trusted, stranger })
            client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");

        using var answer = await trusted.PostAsync("/v1/auth/guest", null, Cancellation);

        Assert.Equal(201, (int)answer.StatusCode);
        Assert.True(answer.Headers.Contains("Strict-Transport-Security"));
        await stranger.PostAsync("/v1/auth/guest", null, Cancellation).Is(ErrorTable.HttpsRequired);
    }

    [Fact]
    public async Task HTTP_up_to_a_trusted_proxy_is_refused_although_the_proxy_speaks_HTTPS_to_us()
    {
        using var client = api.NewClient(api.Https);
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "http");

        await client.PostAsync("/v1/auth/guest", null, Cancellation).Is(ErrorTable.HttpsRequired);
    }

    private async Task UseUp(string forwardedFor)
    {
        for (var i = 0; i < GuardedApi.GuestsPerAddress; i++)
            Assert.Equal(201, await CreateGuest(forwardedFor));
    }

    private async Task<int> CreateGuest(string forwardedFor, string from = "127.0.0.1")
    {
        using var client = api.NewClient(api.Https, forwardedFor, from);
        using var response = await client.PostAsync("/v1/auth/guest", null, Cancellation);
        return (int)response.StatusCode;
    }
}
