using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Limits;

/// <summary>An Api that gives an answer a second, and asks a cluster without silos for much longer.</summary>
public sealed class AnsweringTooLate(ServiceFixture fixture) : IAsyncLifetime
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
                ["Cluster__RetryFor"] = "00:10:00",
                ["Limits__RequestTimeout"] = "00:00:01",
            },
        });
        service.BeginApi();
        await service.ApiLive(Cancellation);
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Is_admitted_instead()
    {
        using var client = service.CreateClient();

        await client.Send(new HttpRequestMessage(HttpMethod.Post, "/v1/auth/guest"), Cancellation).Is(ErrorTable.RequestTimeout);
    }
}
