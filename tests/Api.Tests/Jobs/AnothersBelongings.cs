using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Jobs;

public sealed class AnothersBelongings(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Are_not_found()
    {
        using var owner = await fixture.NewGuest();
        using var stranger = await fixture.NewGuest();
        var video = await owner.UploadAndProbe(fixture.Speech, Cancellation);
        var job = await owner.Submit(video.Id, cancellationToken: Cancellation);

        await stranger.Send(new HttpRequestMessage(HttpMethod.Get, $"/v1/videos/{video.Id}"), Cancellation).Is(ErrorTable.VideoNotFound);
        await stranger.Send(CaptionClient.SubmitRequest(new { videoId = video.Id, language = "en" }, "key"), Cancellation).Is(ErrorTable.VideoNotFound);
        await stranger.Send(new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{job.Id}"), Cancellation).Is(ErrorTable.JobNotFound);
        await stranger.Send(new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{job.Id}/captions.srt"), Cancellation).Is(ErrorTable.JobNotFound);
        await stranger.Send(new HttpRequestMessage(HttpMethod.Post, $"/v1/jobs/{job.Id}/cancel"), Cancellation).Is(ErrorTable.JobNotFound);

        Assert.NotEqual("canceled", (await owner.WaitForEnd(job.Id, Cancellation)).State);
        Assert.Empty((await stranger.Videos(cancellationToken: Cancellation)).Items);
        Assert.Empty((await stranger.Jobs(cancellationToken: Cancellation)).Items);
        Assert.Equal(new ClientCredits(ServiceFixture.GuestGrant, 0), await stranger.Credits(Cancellation));
    }
}
