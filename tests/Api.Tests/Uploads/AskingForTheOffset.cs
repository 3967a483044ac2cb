using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Uploads;

/// <summary>HEAD: "Core protocol, HEAD".</summary>
public sealed class AskingForTheOffset(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Says_how_much_there_is_and_how_much_there_will_be()
    {
        using var guest = await fixture.NewGuest();
        var id = await guest.Begin(100, "talk.mp4", Cancellation);
        await guest.Append(id, 0, new byte[40], Cancellation);

        using var response = await guest.Send(Tus.Head(id), Cancellation);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(("40", "100"), (response.Header("Upload-Offset"), response.Header("Upload-Length")));
        Assert.Equal("filename dGFsay5tcDQ=", response.Header("Upload-Metadata"));
        Assert.NotNull(response.Header("Upload-Expires"));
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Of_a_complete_upload_says_that_it_is()
    {
        using var guest = await fixture.NewGuest();
        var id = await guest.Begin(4, cancellationToken: Cancellation);
        await guest.Append(id, 0, new byte[4], Cancellation);

        using var response = await guest.Send(Tus.Head(id), Cancellation);

        Assert.Equal(("4", "4", null), (response.Header("Upload-Offset"), response.Header("Upload-Length"), response.Header("Upload-Expires")));
    }

    [Fact]
    public async Task Of_no_upload_is_not_found_and_says_no_offset()
    {
        using var guest = await fixture.NewGuest();

        using var response = await guest.Send(Tus.Head(Guid.CreateVersion7()), Cancellation);

        Assert.Equal((404, null), ((int)response.StatusCode, response.Header("Upload-Offset")));
    }
}
