using System.Net.Http.Json;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Jobs;

public sealed class RepeatedSubmissions(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_request_meets_the_same_job_and_is_charged_once()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        HttpRequestMessage Request() => CaptionClient.SubmitRequest(new { videoId = video.Id, language = "en" }, "my key");

        using var first = await guest.Send(Request(), Cancellation);
        using var second = await guest.Send(Request(), Cancellation);

        Assert.Equal((202, 202), ((int)first.StatusCode, (int)second.StatusCode));
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("true", Assert.Single(second.Headers.GetValues("Idempotency-Replayed")));
        var job = await first.Content.ReadFromJsonAsync<ClientJob>(Cancellation);
        Assert.Equal($"/v1/jobs/{job!.Id}", first.Headers.Location!.OriginalString);
        Assert.Single((await guest.Jobs(cancellationToken: Cancellation)).Items);
        Assert.Equal(["reserve", "grant"], (await guest.Entries(cancellationToken: Cancellation)).Items.Select(entry => entry.Kind).Where(kind => kind != "settle"));
        await guest.Cancel(job.Id, Cancellation);
    }

    [Fact]
    public async Task At_the_same_time_they_meet_the_same_job_too()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);

        var jobs = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => guest.Submit(video.Id, "my key", cancellationToken: Cancellation)));

        Assert.Single(jobs.Select(job => job.Id).Distinct());
        Assert.Single((await guest.Entries(cancellationToken: Cancellation)).Items, entry => entry.Kind == "reserve");
        await guest.Cancel(jobs[0].Id, Cancellation);
    }

    [Fact]
    public async Task Another_request_under_the_key_is_refused()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var other = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var job = await guest.Submit(video.Id, "my key", cancellationToken: Cancellation);

        await guest.Send(CaptionClient.SubmitRequest(new { videoId = other.Id, language = "en" }, "my key"), Cancellation).Is(ErrorTable.IdempotencyKeyReused);

        Assert.Equal([job.Id], (await guest.Jobs(cancellationToken: Cancellation)).Items.Select(listed => listed.Id));
        Assert.Single((await guest.Entries(cancellationToken: Cancellation)).Items, entry => entry.Kind == "reserve");
        await guest.Cancel(job.Id, Cancellation);
    }

    [Fact]
    public async Task Two_accounts_may_use_the_same_key()
    {
        using var one = await fixture.NewGuest();
        using var two = await fixture.NewGuest();
        var jobOfOne = await one.Submit((await one.UploadAndProbe(fixture.Speech, Cancellation)).Id, "1", cancellationToken: Cancellation);
        var jobOfTwo = await two.Submit((await two.UploadAndProbe(fixture.Speech, Cancellation)).Id, "1", cancellationToken: Cancellation);

        Assert.NotEqual(jobOfOne.Id, jobOfTwo.Id);
        await one.Cancel(jobOfOne.Id, Cancellation);
        await two.Cancel(jobOfTwo.Id, Cancellation);
    }
}
