using System.Net.Http.Json;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Cluster;

public sealed class OutlastingTheSilo(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_made_while_the_silo_is_dead_succeeds_when_it_is_back()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        await fixture.Service.KillSilo();

        var submission = guest.Send(CaptionClient.SubmitRequest(new { videoId = video.Id, language = "en" }, "my key"), Cancellation);
        await fixture.Service.StartSilo(Cancellation);
        using var response = await submission;

        Assert.Equal(202, (int)response.StatusCode);
        var job = await response.Content.ReadFromJsonAsync<ClientJob>(Cancellation);
        Assert.Equal("succeeded", (await guest.WaitForEnd(job!.Id, Cancellation)).State);
        Assert.Equal(["settle", "reserve", "grant"], (await guest.Entries(cancellationToken: Cancellation)).Items.Select(entry => entry.Kind));
        await fixture.Service.ApiReady(Cancellation);
    }
}
