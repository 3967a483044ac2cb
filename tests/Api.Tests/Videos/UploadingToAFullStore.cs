using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Videos;

/// <summary>A second Api of the same cluster, whose disk must keep more free than any disk has.</summary>
public sealed class UploadingToAFullStore(ServiceFixture fixture) : IAsyncLifetime
{
    private CaptionService service = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        service = await CaptionService.Prepare(fixture.Service.Database, new CaptionServiceSettings
        {
            Api = new Dictionary<string, string>
            {
                ["Storage__Root"] = fixture.Service.ObjectFolder,
                ["Storage__MinimumFreeBytes"] = $"{long.MaxValue}",
            },
        });
        service.BeginApi();
        await service.ApiLive(Cancellation);
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Is_refused_and_leaves_nothing()
    {
        using var guest = service.CreateClient();
        await guest.BecomeGuest(Cancellation);
        var traces = Traces.Before(fixture, guest);
        await using var file = File.OpenRead(fixture.Text);

        await guest.Send(CaptionClient.UploadRequest(file, "text.mp4"), Cancellation).Is(ErrorTable.StorageFull);

        await traces.AreNone();
    }
}
