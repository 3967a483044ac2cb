using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Uploads;

/// <summary>POST with a body: the extension "Creation With Upload".</summary>
public sealed class CreatingWithTheFirstPiece(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Takes_the_first_bytes()
    {
        using var guest = await fixture.NewGuest();

        using var response = await guest.Send(Tus.Create(10).With(new ByteArrayContent(new byte[4])), Cancellation);

        Assert.Equal((201, 4L), ((int)response.StatusCode, response.UploadOffset()));
        Assert.Equal(10, await guest.Append(response.UploadId(), 4, new byte[6], Cancellation));
    }

    [Fact]
    public async Task Takes_a_whole_file()
    {
        using var guest = await fixture.NewGuest();
        var bytes = await File.ReadAllBytesAsync(fixture.Speech, Cancellation);

        using var response = await guest.Send(Tus.Create(bytes.Length, "speech.mp4").With(new ByteArrayContent(bytes)), Cancellation);

        Assert.Equal((201, (long)bytes.Length), ((int)response.StatusCode, response.UploadOffset()));
        Assert.Null(response.Header("Upload-Expires"));
        Assert.Equal("ready", (await guest.WaitForProbe(response.UploadId(), Cancellation)).State);
    }

    [Fact]
    public async Task Takes_no_other_content_type()
    {
        using var guest = await fixture.NewGuest();
        var traces = Traces.Before(fixture, guest);
        var request = Tus.Create(4);
        request.Content = new ByteArrayContent(new byte[4]) { Headers = { ContentType = new("application/octet-stream") } };

        await guest.Send(request, Cancellation).Is(ErrorTable.UnsupportedContentType);

        await traces.AreNone();
    }

    [Fact]
    public async Task That_fails_still_says_where_the_upload_is()
    {
        using var guest = await fixture.NewGuest();

        using var response = await guest.Send(
            Tus.Create(4).With(new ByteArrayContent(new byte[4])).With("Upload-Checksum", "sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA="), Cancellation);

        Assert.Equal(460, (int)response.StatusCode);
        Assert.Equal(0, await guest.Offset(response.UploadId(), Cancellation));
    }
}
