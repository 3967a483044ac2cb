using System.Net.Http.Json;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Uploads;

/// <summary>PATCH: "Core protocol, PATCH".</summary>
public sealed class AppendingAPiece(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Piece_by_piece_makes_a_video_that_can_be_captioned()
    {
        using var guest = await fixture.NewGuest();
        var bytes = await File.ReadAllBytesAsync(fixture.Speech, Cancellation);
        var id = await guest.Begin(bytes.Length, "speech.mp4", Cancellation);

        var offset = 0L;
        foreach (var piece in bytes.Chunk(bytes.Length / 3))
        {
            Assert.Equal("uploading", (await guest.Video(id, Cancellation)).State);
            offset = await guest.Append(id, offset, piece, Cancellation);
        }

        Assert.Equal(bytes.Length, offset);
        var video = await guest.WaitForProbe(id, Cancellation);
        Assert.Equal(("ready", "speech.mp4", (long?)bytes.Length), (video.State, video.FileName, video.Bytes));
        await using var stored = File.OpenRead(Assert.Single(fixture.Objects(), path => path.Contains($"{id}", StringComparison.Ordinal) && path.Contains("source", StringComparison.Ordinal)));
        var content = new byte[stored.Length];
        await stored.ReadExactlyAsync(content, Cancellation);
        Assert.Equal(bytes, content);
    }

    [Fact]
    public async Task At_another_offset_is_refused_and_changes_nothing()
    {
        using var guest = await fixture.NewGuest();
        var id = await guest.Begin(10, cancellationToken: Cancellation);
        await guest.Append(id, 0, new byte[4], Cancellation);

        foreach (var offset in new[] { 0, 3, 5, 10, long.MaxValue })
        {
            var problem = await guest.Send(Tus.Patch(id, offset, new byte[2]), Cancellation).Is(ErrorTable.UploadOffsetMismatch);
            Assert.Equal(4, problem.Members["offset"].GetInt64());
        }

        Assert.Equal(4, await guest.Offset(id, Cancellation));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData(" 0")]
    [InlineData("zero")]
    [InlineData("99999999999999999999")]
    public async Task Without_a_whole_offset_is_refused(string? offset)
    {
        using var guest = await fixture.NewGuest();
        var id = await guest.Begin(10, cancellationToken: Cancellation);
        var request = Tus.Patch(id, 0, new byte[2]);
        request.Headers.Remove("Upload-Offset");
        if (offset is not null)
            request.Headers.TryAddWithoutValidation("Upload-Offset", offset);

        // A space before a value belongs to no value.
        if (offset == " 0")
            Assert.Equal(204, (int)(await guest.Send(request, Cancellation)).StatusCode);
        else
            await guest.Send(request, Cancellation).Is(ErrorTable.InvalidRequest);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Beyond_the_length_is_refused_and_drops_the_piece(bool chunked)
    {
        using var guest = await fixture.NewGuest();
        var id = await guest.Begin(10, cancellationToken: Cancellation);
        await guest.Append(id, 0, new byte[4], Cancellation);
        var request = Tus.Patch(id, 4, new byte[7]);
        request.Headers.TransferEncodingChunked = chunked;

        await guest.Send(request, Cancellation).Is(ErrorTable.UploadTooLarge);

        Assert.Equal(4, await guest.Offset(id, Cancellation));
        Assert.Equal(10, await guest.Append(id, 4, new byte[6], Cancellation));
    }

    [Fact]
    public async Task Takes_one_content_type()
    {
        using var guest = await fixture.NewGuest();
        var id = await guest.Begin(10, cancellationToken: Cancellation);
        var request = Tus.Patch(id, 0, new byte[4]);
        request.Content = JsonContent.Create(new { a = 1 });

        await guest.Send(request, Cancellation).Is(ErrorTable.UnsupportedContentType);
        request = Tus.Patch(id, 0, new byte[4]);
        request.Content = null;
        await guest.Send(request, Cancellation).Is(ErrorTable.UnsupportedContentType);

        Assert.Equal(0, await guest.Offset(id, Cancellation));
    }

    [Fact]
    public async Task Without_bytes_changes_nothing()
    {
        using var guest = await fixture.NewGuest();
        var id = await guest.Begin(10, cancellationToken: Cancellation);

        Assert.Equal(0, await guest.Append(id, 0, [], Cancellation));
    }

    [Fact]
    public async Task To_a_complete_upload_says_that_it_is()
    {
        using var guest = await fixture.NewGuest();
        var id = await guest.Begin(4, cancellationToken: Cancellation);
        await guest.Append(id, 0, new byte[4], Cancellation);

        Assert.Equal(4, await guest.Append(id, 4, [], Cancellation));
        await guest.Send(Tus.Patch(id, 0, new byte[4]), Cancellation).Is(ErrorTable.UploadOffsetMismatch);
    }

    [Fact]
    public async Task To_no_upload_is_not_found()
    {
        using var guest = await fixture.NewGuest();

        await guest.Send(Tus.Patch(Guid.CreateVersion7(), 0, new byte[4]), Cancellation).Is(ErrorTable.UploadNotFound);
    }

    [Fact]
    public async Task That_breaks_off_keeps_what_arrived()
    {
        using var guest = await fixture.NewGuest();
        var id = await guest.Begin(1 << 20, cancellationToken: Cancellation);
        await using var endless = new StalledStream(600_000);
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var piece = guest.Send(Tus.Patch(id, 0, new StreamContent(endless)), hangUp.Token);
        // Seen while it is written, which others may not do at the same time.
        await Eventually.Holds(async () => await guest.Offset(id, Cancellation) > 0);
        var seen = await guest.Offset(id, Cancellation);
        await guest.Send(Tus.Patch(id, seen, new byte[4]), Cancellation).Is(ErrorTable.UploadLocked);

        await hangUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => piece);
        await Eventually.Holds(async () => (await guest.Send(Tus.Patch(id, await guest.Offset(id, Cancellation), new byte[4]), Cancellation)).IsSuccessStatusCode);
        Assert.True(await guest.Offset(id, Cancellation) > seen + 4);
    }
}
