using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Uploads;

/// <summary>Two that send to one upload, by one Api or by two.</summary>
public sealed class WritersAtOnce(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_second_is_refused_and_the_first_goes_on(bool otherApi)
    {
        using var guest = await fixture.NewGuest();
        using var second = otherApi ? await fixture.CreateClientOfTheOtherApi() : fixture.Service.CreateClient();
        second.UseToken(guest.Session!.AccessToken);
        var bytes = await File.ReadAllBytesAsync(fixture.Speech, Cancellation);
        var id = await guest.Begin(bytes.Length, "speech.mp4", Cancellation);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var body = new GatedStream(bytes, bytes.Length / 2, gate.Task);
        var first = guest.Send(Tus.Patch(id, 0, new StreamContent(body)), Cancellation);

        await Eventually.Holds(async () =>
        {
            // At an offset that is not the upload's, so that this takes the upload from nobody.
            using var refused = await second.Send(Tus.Patch(id, 1, []), Cancellation);
            return (int)refused.StatusCode == 423;
        });
        var problem = await second.Send(Tus.Patch(id, 0, bytes), Cancellation).Is(ErrorTable.UploadLocked);
        gate.SetResult();

        Assert.NotNull(problem);
        using var whole = await first;
        Assert.Equal((204, (long)bytes.Length), ((int)whole.StatusCode, whole.UploadOffset()));
        Assert.Equal("ready", (await guest.WaitForProbe(id, Cancellation)).State);
    }

    [Fact]
    public async Task Many_that_race_for_one_offset_make_one_piece()
    {
        using var guest = await fixture.NewGuest();
        var id = await guest.Begin(100, cancellationToken: Cancellation);

        var statuses = await Task.WhenAll(Enumerable.Range(1, 4).Select(async number =>
        {
            using var response = await guest.Send(Tus.Patch(id, 0, Enumerable.Repeat((byte)number, 10).ToArray()), Cancellation);
            return (int)response.StatusCode;
        }));

        Assert.Equal(204, Assert.Single(statuses, status => status == 204));
        Assert.All(statuses, status => Assert.Contains(status, new[] { 204, 409, 423 }));
        Assert.Equal(10, await guest.Offset(id, Cancellation));
    }

    [Fact]
    public async Task An_upload_goes_on_at_another_Api()
    {
        using var guest = await fixture.NewGuest();
        using var second = await fixture.CreateClientOfTheOtherApi();
        second.UseToken(guest.Session!.AccessToken);
        var bytes = await File.ReadAllBytesAsync(fixture.Speech, Cancellation);
        var id = await guest.Begin(bytes.Length, "speech.mp4", Cancellation);

        var offset = await guest.Append(id, 0, bytes[..50_000], Cancellation);
        Assert.Equal(offset, await second.Offset(id, Cancellation));
        offset = await second.Append(id, offset, bytes[50_000..100_000], Cancellation);
        await guest.Append(id, offset, bytes[100_000..], Cancellation);

        Assert.Equal("ready", (await guest.WaitForProbe(id, Cancellation)).State);
    }
}
