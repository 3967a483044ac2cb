using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Cluster;

/// <summary>An Api whose cluster has no silo yet.</summary>
public sealed class WithoutASilo(ServiceFixture fixture) : IAsyncLifetime
{
    private CaptionService service = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        service = await CaptionService.Prepare(fixture.Service.Database, new CaptionServiceSettings
        {
            Api = new Dictionary<string, string>
            {
                ["Cluster__ClusterId"] = "nobody",
                ["Cluster__RetryFor"] = "00:00:01",
                ["RateLimits__GuestsPerAddress"] = "2",
            },
        });
        service.BeginApi();
        await service.ApiLive(Cancellation);
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Is_alive_and_not_ready()
    {
        using var client = service.CreateClient();
        using var response = await client.Send(new HttpRequestMessage(HttpMethod.Get, "/health/ready"), Cancellation);

        Assert.Equal(503, (int)response.StatusCode);
        Assert.Contains("No silo has been met yet.", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gives_up_in_time_and_says_when_to_come_back()
    {
        using var client = service.CreateClient();
        using var response = await client.Send(new HttpRequestMessage(HttpMethod.Post, "/v1/auth/guest"), Cancellation);

        await Task.FromResult(response).Is(ErrorTable.ServiceUnavailable);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Lets_no_address_ask_for_accounts_without_end()
    {
        using var client = service.CreateClient();
        for (var i = 0; i < 2; i++)
            await client.Send(new HttpRequestMessage(HttpMethod.Post, "/v1/auth/guest"), Cancellation).Is(ErrorTable.ServiceUnavailable);

        using var response = await client.Send(new HttpRequestMessage(HttpMethod.Post, "/v1/auth/guest"), Cancellation);

        await Task.FromResult(response).Is(ErrorTable.TooManyRequests);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Stops_when_it_is_told_to() => Assert.Equal(0, await service.StopApi(Cancellation));
}
