using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;

namespace AX2Caption.Api.Tests.Jobs;

public sealed class AskingTooEarlyOrTooLate(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Captions_of_a_job_that_was_canceled_are_not_ready()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var job = await guest.Cancel((await guest.Submit(video.Id, cancellationToken: Cancellation)).Id, Cancellation);

        var problem = await guest.Send(new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{job.Id}/captions.srt"), Cancellation).Is(ErrorTable.CaptionsNotReady);

        Assert.Equal("canceled", problem.Members["state"].GetString());
    }

    [Fact]
    public async Task A_job_that_succeeded_cannot_be_canceled()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var job = await guest.WaitForEnd((await guest.Submit(video.Id, cancellationToken: Cancellation)).Id, Cancellation);

        var problem = await guest.Send(new HttpRequestMessage(HttpMethod.Post, $"/v1/jobs/{job.Id}/cancel"), Cancellation).Is(ErrorTable.JobAlreadyEnded);

        Assert.Equal("succeeded", problem.Members["state"].GetString());
        Assert.Equal(ServiceFixture.GuestGrant - 1, (await guest.Credits(Cancellation)).Available);
        await guest.Send(new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{job.Id}/captions.docx"), Cancellation).Is(ErrorTable.CaptionsFormatUnknown);
    }
}
