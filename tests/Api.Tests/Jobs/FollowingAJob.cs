using System.Globalization;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Jobs;

/// <summary>The events of one job, over real connections.</summary>
public sealed class FollowingAJob(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_its_submission_to_its_end_every_event_is_further_than_the_one_before()
    {
        using var guest = await fixture.NewGuest();
        var job = await Submit(guest);

        await using var stream = await Open(guest, job);
        var events = await ReadToEnd(stream);

        Assert.Equal(200, (int)stream.Response.StatusCode);
        Assert.Equal("no", Assert.Single(stream.Response.Headers.GetValues("X-Accel-Buffering")));
        Assert.True(stream.Response.Headers.CacheControl is { NoStore: true, NoTransform: true });
        Assert.Empty(stream.Response.Content.Headers.ContentEncoding);
        Assert.Equal(TimeSpan.FromSeconds(2), stream.Retry);
        Assert.Equal(("succeeded", "succeeded", 100), (events[^1].Name, events[^1].Job.State, events[^1].Job.Progress.Percent));
        Assert.All(events.SkipLast(1), step => Assert.Equal("progress", step.Name));
        AssertNeverBack(events);
        // What is told at the end is all there is to be read.
        Assert.Equal(await guest.Job(job.Id, Cancellation), events[^1].Job);
        Assert.Contains(events, step => step.Job.State == "processing" && step.Job.EstimatedFinishAt is not null);
    }

    [Fact]
    public async Task Broken_off_it_goes_on_after_the_last_event_and_tells_nothing_again()
    {
        using var guest = await fixture.NewGuest();
        var job = await Submit(guest);
        var events = new List<ServerEvent>();
        string? last = null;
        while (events is not [.., { IsEnd: true }])
        {
            await using var stream = await Open(guest, job, last);
            if (await stream.Next(Cancellation) is { } next)
                events.Add(next);
            last = stream.LastEventId;
        }

        AssertNeverBack(events);
        // A job that is where it was is told of again when its end is expected at another time.
        Assert.Equal(events.Count, events.Select(step => step.Data).Distinct().Count());
        using var over = await guest.Open(EventReader.Request($"/v1/jobs/{job.Id}/events", last), Cancellation);
        using var overByQuery = await guest.Open(EventReader.Request($"/v1/jobs/{job.Id}/events?lastEventId={last}"), Cancellation);
        Assert.Equal((204, 204), ((int)over.StatusCode, (int)overByQuery.StatusCode));
    }

    [Fact]
    public async Task The_header_counts_where_there_is_a_query_too()
    {
        using var guest = await fixture.NewGuest();
        var job = await Canceled(guest);
        await using var first = await Open(guest, job);
        var end = (await first.Must(Cancellation)).Id;

        using var over = await guest.Open(EventReader.Request($"/v1/jobs/{job.Id}/events?lastEventId=1", end), Cancellation);

        Assert.Equal(204, (int)over.StatusCode);
    }

    [Fact]
    public async Task An_empty_id_is_as_none_and_hides_no_other()
    {
        using var guest = await fixture.NewGuest();
        var job = await Canceled(guest);
        await using var byQuery = await EventReader.Open(guest, $"/v1/jobs/{job.Id}/events?lastEventId=", null, Cancellation);
        await using var byHeader = await Open(guest, job, "");
        await using var ofAll = await EventReader.Open(guest, "/v1/jobs/events?lastEventId=", "", Cancellation);

        var end = (await byQuery.Must(Cancellation)).Id;
        Assert.Equal(end, (await byHeader.Must(Cancellation)).Id);
        using var emptyHeader = await guest.Open(EventReader.Request($"/v1/jobs/{job.Id}/events?lastEventId={end}", ""), Cancellation);
        using var emptyQuery = await guest.Open(EventReader.Request($"/v1/jobs/{job.Id}/events?lastEventId=", end), Cancellation);

        Assert.Equal((204, 204), ((int)emptyHeader.StatusCode, (int)emptyQuery.StatusCode));
    }

    [Fact]
    public async Task Of_a_job_that_has_ended_there_is_the_end_alone_and_once()
    {
        using var guest = await fixture.NewGuest();
        var job = await Canceled(guest);
        await using var stream = await Open(guest, job);

        var only = Assert.Single(await ReadToEnd(stream));

        Assert.Equal(("canceled", "canceled"), (only.Name, only.Job.State));
        // Its credits came back since, which is a change of the job, and no news.
        await using var missedTheEnd = await Open(guest, job, "1");
        Assert.Equal("canceled", Assert.Single(await ReadToEnd(missedTheEnd)).Name);
    }

    [Fact]
    public async Task An_id_of_the_future_is_as_none()
    {
        using var guest = await fixture.NewGuest();
        var job = await Canceled(guest);

        await using var stream = await Open(guest, job, "999999999999999999");

        Assert.Equal("canceled", (await stream.Must(Cancellation)).Name);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("1-")]
    [InlineData("-end")]
    [InlineData("1234567890123456789")]
    public async Task An_id_that_was_never_given_out_is_refused(string id)
    {
        using var guest = await fixture.NewGuest();
        var job = await Canceled(guest);

        await guest.Open(EventReader.Request($"/v1/jobs/{job.Id}/events", id), Cancellation).Is(ErrorTable.InvalidRequest);
        await guest.Open(EventReader.Request($"/v1/jobs/{job.Id}/events?lastEventId={id}"), Cancellation).Is(ErrorTable.InvalidRequest);
    }

    [Fact]
    public async Task Many_connections_to_two_Apis_see_the_same_end()
    {
        using var guest = await fixture.NewGuest();
        using var elsewhere = await fixture.CreateClientOfTheOtherApi();
        elsewhere.UseToken(guest.Session!.AccessToken);
        var job = await Submit(guest);
        var streams = new List<EventReader>();
        for (var i = 0; i < 6; i++)
            streams.Add(await Open(i % 2 == 0 ? guest : elsewhere, job));

        var all = await Task.WhenAll(streams.Select(ReadToEnd));

        Assert.All(all, AssertNeverBack);
        Assert.All(all, events => Assert.Equal("succeeded", events[^1].Name));
        Assert.Single(all.Select(events => events[^1].Data).Distinct());
        foreach (var stream in streams)
            await stream.DisposeAsync();
    }

    [Fact]
    public async Task What_is_told_is_what_can_be_read_when_it_is_canceled_from_another_connection()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Expensive, Cancellation);
        await fixture.Operator.Apply(guest.Session!.AccountId, "grants", new { amount = 5, reason = "For a long film." }, cancellationToken: Cancellation);
        var job = await guest.Submit(video.Id, cancellationToken: Cancellation);
        await using var stream = await Open(guest, job);
        await stream.Must(Cancellation);

        using var response = await guest.Send(new HttpRequestMessage(HttpMethod.Post, $"/v1/jobs/{job.Id}/cancel"), Cancellation);
        var events = await ReadToEnd(stream);

        Assert.Equal((await guest.Job(job.Id, Cancellation)).State, events[^1].Name);
    }

    private static async Task<ClientJob> Canceled(CaptionClient guest, ServiceFixture fixture)
    {
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        return await guest.Cancel((await guest.Submit(video.Id, cancellationToken: Cancellation)).Id, Cancellation);
    }

    private Task<ClientJob> Canceled(CaptionClient guest) => Canceled(guest, fixture);

    private async Task<ClientJob> Submit(CaptionClient guest) =>
        await guest.Submit((await guest.UploadAndProbe(fixture.Speech, Cancellation)).Id, cancellationToken: Cancellation);

    private static Task<EventReader> Open(CaptionClient client, ClientJob job, string? lastEventId = null) =>
        EventReader.Open(client, $"/v1/jobs/{job.Id}/events", lastEventId, Cancellation);

    private static async Task<List<ServerEvent>> ReadToEnd(EventReader stream)
    {
        var events = new List<ServerEvent>();
        while (await stream.Next(Cancellation) is { } next)
            events.Add(next);
        return events;
    }

    private static void AssertNeverBack(List<ServerEvent> events)
    {
        Assert.NotEmpty(events);
        Assert.All(events.Zip(events.Skip(1)), pair =>
        {
            var (before, after) = (pair.First.Job.Progress, pair.Second.Job.Progress);
            Assert.True(after.Percent >= before.Percent && after.ChunksDone >= before.ChunksDone, $"{before} came before {after}");
            Assert.True(Version(pair.Second) >= Version(pair.First));
            Assert.NotEqual(pair.First.Job, pair.Second.Job);
        });

        static long Version(ServerEvent step) => long.Parse(step.Id!.Replace("-end", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
