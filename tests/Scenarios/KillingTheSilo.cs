using AX2Caption.Testing;
using AX2Caption.Testing.Audit;

namespace AX2Caption.Scenarios;

public sealed class KillingTheSilo(PostgresFixture postgres) : Scenario(postgres)
{
    [Fact]
    public async Task While_a_chunk_is_recognised_costs_that_chunk_at_most_and_no_credit()
    {
        var (client, job) = await SubmitSample();
        await client.WaitFor(job.Id, now => now.Progress is { Stage: "transcribe", ChunksDone: >= 1 } progress
            && progress.ChunksDone < progress.ChunksTotal, Ct);
        var doneBefore = await DoneChunks(job.Id);

        var engines = Service.SiloProcessIds().Skip(1).ToList();
        await Service.KillSilo();
        var claimed = await Book.Query<int>(
            Service, $"select ordinal from task where job_id = '{job.Id}' and kind = 'transcribe' and state = 'claimed'", Ct);
        await Service.StartSilo(Ct);

        var ended = await client.WaitForEnd(job.Id, Ct);
        Assert.Equal("succeeded", ended.State);
        Assert.NotEmpty(engines);
        Assert.DoesNotContain(engines, engine => Directory.Exists($"/proc/{engine}"));
        Assert.Equal(ended.Progress.ChunksTotal, ended.Progress.ChunksDone);

        // What was done stayed done: the very same rows, lease tokens included.
        Assert.Equal(doneBefore, (await DoneChunks(job.Id)).Take(doneBefore.Count));
        var attempts = await Book.Query<int>(
            Service, $"select attempt from task where job_id = '{job.Id}' and kind = 'transcribe' order by ordinal", Ct);
        Assert.All(attempts.Where((_, ordinal) => !claimed.Contains(ordinal)), attempt => Assert.Equal(1, attempt));

        var entries = (await client.Entries(cancellationToken: Ct)).Items;
        Assert.Equal(["settle", "reserve", "grant"], entries.Select(entry => entry.Kind));
        Assert.Equal(job.Price, entries[0].Amount);
        Assert.Equal(new(30 - job.Price, 0), await client.Credits(Ct));

        var words = Srt.Parse(await client.Captions(job.Id, "srt", Ct));
        Assert.InRange(WordErrorRate.Of(string.Join(' ', words.Select(cue => cue.Text)), SampleSpeech.Reference(2)), 0, 0.40);
        await BookIsInOrder();
    }

    [Fact]
    public async Task Before_the_job_is_claimed_loses_nothing()
    {
        var (client, job) = await SubmitSample(repetitions: 1);
        await Service.KillSilo();
        await Service.StartSilo(Ct);

        Assert.Equal("succeeded", (await client.WaitForEnd(job.Id, Ct)).State);
        Assert.Single((await client.Entries(cancellationToken: Ct)).Items, entry => entry.Kind == "settle");
        await BookIsInOrder();
    }

    private Task<List<string>> DoneChunks(Guid jobId) => Book.Query<string>(
        Service,
        $"""
        select format('%s %s %s', ordinal, attempt, lease_token) from task
        where job_id = '{jobId}' and kind = 'transcribe' and state = 'done' order by ended_at, ordinal
        """,
        Ct);
}
