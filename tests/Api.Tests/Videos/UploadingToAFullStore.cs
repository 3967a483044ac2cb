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
                // Tokens of the one are good at the other.
                ["Auth__SigningKeyFolder"] = fixture.Service.SigningKeyFolder,
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

    [Fact]
    public async Task In_pieces_is_refused_and_goes_on_where_there_is_room()
    {
        using var guest = await fixture.NewGuest();
        using var full = service.CreateClient();
        full.UseToken(guest.Session!.AccessToken);
        var bytes = await File.ReadAllBytesAsync(fixture.Speech, Cancellation);
        var id = await guest.Begin(bytes.Length, "speech.mp4", Cancellation);
        var offset = await guest.Append(id, 0, bytes[..1000], Cancellation);

        await full.Send(Tus.Patch(id, offset, bytes[1000..]), Cancellation).Is(ErrorTable.StorageFull);

        Assert.Equal(1000, await full.Offset(id, Cancellation));
        await guest.Append(id, 1000, bytes[1000..], Cancellation);
        Assert.Equal("ready", (await guest.WaitForProbe(id, Cancellation)).State);
    }
}
