using System.Globalization;
using AX2Caption.Testing.Service;

namespace AX2Caption.Scenarios;

public sealed class FollowingThroughFaults(PostgresFixture postgres) : Scenario(postgres)
{
    /// <summary>Streams on two Apis, of the job and of all jobs, while the only Silo is killed and started again.</summary>
    [Fact]
    public async Task Streams_that_were_open_when_the_silo_was_killed_come_to_the_end_without_a_gap()
    {
        var (client, job) = await SubmitSample(repetitions: 3);
        using var elsewhere = new CaptionClient(await Service.StartFurtherApi(Ct));
        elsewhere.UseToken(client.Session!.AccessToken);
        await using var own = await EventReader.Open(client, $"/v1/jobs/{job.Id}/events", cancellationToken: Ct);
        await using var further = await EventReader.Open(elsewhere, $"/v1/jobs/{job.Id}/events", cancellationToken: Ct);
        await using var all = await EventReader.Open(elsewhere, "/v1/jobs/events", cancellationToken: Ct);
        var reading = new[] { own, further, all }.Select(ReadToTheEnd).ToList();
        await client.WaitFor(job.Id, now => now.Progress is { Stage: "transcribe", ChunksDone: >= 1 }, Ct);

        await Service.KillSilo();
        await Service.StartSilo(Ct);

        var told = await Task.WhenAll(reading);
        foreach (var events in told)
        {
            Assert.Equal("succeeded", events[^1].Name);
            Assert.All(events.Zip(events.Skip(1)), pair => Assert.True(
                pair.Second.Job.Progress.Percent >= pair.First.Job.Progress.Percent && pair.Second.Job.Progress.ChunksDone >= pair.First.Job.Progress.ChunksDone));
            // Some of it was told before the kill and some after.
            Assert.Contains(events, step => step.Job.Progress.ChunksDone < step.Job.Progress.ChunksTotal);
        }

        // The connections held: nothing was told twice.
        Assert.All(told.Take(2), events => Assert.Equal(
            events.Select(Version).Order(), events.Select(Version)));
        await BookIsInOrder();

        static long Version(ServerEvent step) => long.Parse(step.Id!.Replace("-end", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }

    private static async Task<List<ServerEvent>> ReadToTheEnd(EventReader stream)
    {
        var events = new List<ServerEvent>();
        do
            events.Add(await stream.Must(Ct));
        while (!events[^1].IsEnd);
        return events;
    }
}
