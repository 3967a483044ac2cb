using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Uploads;

/// <summary>DELETE: the extension "Termination".</summary>
public sealed class TerminatingAnUpload(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deletes_what_arrived_and_its_video()
    {
        using var guest = await fixture.NewGuest();
        var id = await guest.Begin(10, cancellationToken: Cancellation);
        await guest.Append(id, 0, new byte[4], Cancellation);
        Assert.Contains(fixture.Objects(), path => path.Contains($"{id}", StringComparison.Ordinal));

        using (var response = await guest.Send(Tus.Delete(id), Cancellation))
            Assert.Equal(204, (int)response.StatusCode);

        using var head = await guest.Send(Tus.Head(id), Cancellation);
        Assert.Equal(404, (int)head.StatusCode);
        await guest.Send(Tus.Patch(id, 4, new byte[4]), Cancellation).Is(ErrorTable.UploadNotFound);
        await guest.Send(Tus.Delete(id), Cancellation).Is(ErrorTable.UploadNotFound);
        Assert.Empty((await guest.Videos(cancellationToken: Cancellation)).Items);
        Assert.DoesNotContain(fixture.Objects(), path => path.Contains($"{id}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_a_piece_arrives_ends_it_and_leaves_nothing()
    {
        using var guest = await fixture.NewGuest();
        var id = await guest.Begin(1 << 20, cancellationToken: Cancellation);
        await using var endless = new StalledStream(600_000);
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var piece = guest.Send(Tus.Patch(id, 0, new StreamContent(endless)), hangUp.Token);
        await Eventually.Holds(async () => await guest.Offset(id, Cancellation) > 0);

        using (var response = await guest.Send(Tus.Delete(id), Cancellation))
            Assert.Equal(204, (int)response.StatusCode);

        // The piece's sender still has bytes to send, and would hear of it after them.
        await Eventually.IsEmpty(() => fixture.Objects().Where(path => path.Contains($"{id}", StringComparison.Ordinal)));
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => piece);
        Assert.DoesNotContain(fixture.Objects(), path => path.Contains($"{id}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Does_not_touch_a_complete_upload()
    {
        using var guest = await fixture.NewGuest();
        var bytes = await File.ReadAllBytesAsync(fixture.Speech, Cancellation);
        var id = await guest.Begin(bytes.Length, "speech.mp4", Cancellation);
        await guest.Append(id, 0, bytes, Cancellation);

        var problem = await guest.Send(Tus.Delete(id), Cancellation).Is(ErrorTable.UploadNotFound);

        Assert.Equal("The account has no unfinished upload of this id.", problem.Detail);
        Assert.Equal("ready", (await guest.WaitForProbe(id, Cancellation)).State);
    }
}
