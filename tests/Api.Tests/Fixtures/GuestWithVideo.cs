using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Fixtures;

/// <summary>A guest with one video that is ready, for tests that leave both as they are.</summary>
public sealed class GuestWithVideo(ServiceFixture fixture) : IAsyncLifetime
{
    public CaptionClient Client { get; private set; } = null!;

    public ClientVideo Video { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Client = await fixture.NewGuest();
        Video = await Client.UploadAndProbe(fixture.Speech);
    }

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return ValueTask.CompletedTask;
    }
}
