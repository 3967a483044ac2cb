using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Jobs;

/// <summary>One stream for all of an account's jobs.</summary>
public sealed class FollowingAllJobs(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Jobs_that_are_new_appear_in_it_and_go_on_to_their_end()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        await using var stream = await Open(guest);

        var first = await guest.Submit(video.Id, cancellationToken: Cancellation);
        var second = await guest.Submit(video.Id, cancellationToken: Cancellation);
        var events = await ReadUntilEnded(stream, first.Id, second.Id);

        foreach (var job in new[] { first, second })
        {
            var own = events.Where(step => step.Job.Id == job.Id).ToList();
            Assert.Equal("succeeded", own[^1].Name);
            Assert.All(own.SkipLast(1), step => Assert.Equal("progress", step.Name));
            Assert.Equal(own.Select(step => step.Job.Progress.Percent).Order(), own.Select(step => step.Job.Progress.Percent));
            Assert.Equal(own.Count, own.Distinct().Count());
        }
    }

    [Fact]
    public async Task It_begins_with_the_live_jobs_and_leaves_others_jobs_alone()
    {
        using var guest = await fixture.NewGuest();
        using var other = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var othersVideo = await other.UploadAndProbe(fixture.Speech, Cancellation);
        await guest.Cancel((await guest.Submit(video.Id, cancellationToken: Cancellation)).Id, Cancellation);
        await other.Submit(othersVideo.Id, cancellationToken: Cancellation);
        var live = await guest.Submit(video.Id, cancellationToken: Cancellation);

        await using var stream = await Open(guest);
        var events = await ReadUntilEnded(stream, live.Id);

        Assert.All(events, step => Assert.Equal(live.Id, step.Job.Id));
    }

    [Fact]
    public async Task What_happened_while_nobody_was_connected_is_told_afterwards()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var job = await guest.Submit(video.Id, cancellationToken: Cancellation);
        string? last;
        await using (var stream = await Open(guest))
        {
            Assert.Equal(job.Id, (await stream.Must(Cancellation)).Job.Id);
            last = stream.LastEventId;
        }

        await guest.WaitForEnd(job.Id, Cancellation);
        var further = await guest.Cancel((await guest.Submit(video.Id, cancellationToken: Cancellation)).Id, Cancellation);
        using var elsewhere = await fixture.CreateClientOfTheOtherApi();
        elsewhere.UseToken(guest.Session!.AccessToken);

        foreach (var path in new[] { "/v1/jobs/events", $"/v1/jobs/events?lastEventId={last}" })
        {
            await using var stream = await EventReader.Open(elsewhere, path, path.Contains('?', StringComparison.Ordinal) ? null : last, Cancellation);
            var events = await ReadUntilEnded(stream, job.Id, further.Id);
            Assert.Equal(2, events.Count(step => step.IsEnd));
            last = stream.LastEventId ?? last;
        }
    }

    [Fact]
    public async Task What_was_told_is_not_told_again_once_its_transactions_are_over()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        await using var first = await Open(guest);
        var job = await guest.Submit(video.Id, cancellationToken: Cancellation);
        await ReadUntilEnded(first, job.Id);
        var next = await guest.Submit(video.Id, cancellationToken: Cancellation);
        var events = await ReadUntilEnded(first, next.Id);

        Assert.All(events, step => Assert.Equal(next.Id, step.Job.Id));
    }

    [Fact]
    public async Task An_id_that_was_never_given_out_is_refused()
    {
        using var guest = await fixture.NewGuest();

        await guest.Open(EventReader.Request("/v1/jobs/events", "yesterday"), Cancellation).Is(ErrorTable.InvalidRequest);
    }

    private static Task<EventReader> Open(CaptionClient client) => EventReader.Open(client, "/v1/jobs/events", cancellationToken: Cancellation);

    private static async Task<List<ServerEvent>> ReadUntilEnded(EventReader stream, params Guid[] jobs)
    {
        var (events, left) = (new List<ServerEvent>(), jobs.ToHashSet());
        while (left.Count > 0)
        {
            var next = await stream.Must(Cancellation);
            events.Add(next);
            if (next.IsEnd)
                left.Remove(next.Job.Id);
        }

        return events;
    }
}
