using AX2Caption.Testing.Audit;

namespace AX2Caption.Scenarios;

public sealed class CancelingAJob(PostgresFixture postgres) : Scenario(postgres)
{
    [Fact]
    public async Task While_a_chunk_is_recognised_returns_the_credits_and_frees_the_worker()
    {
        var (client, job) = await SubmitSample(repetitions: 4);
        await client.WaitFor(job.Id, now => now.Progress.Stage == "transcribe", Ct);

        var canceled = await client.Cancel(job.Id, Ct);

        Assert.Equal("canceled", canceled.State);
        Assert.Equal(new(30, 0), await client.Credits(Ct));
        Assert.Equal(["release", "reserve", "grant"], (await client.Entries(cancellationToken: Ct)).Items.Select(entry => entry.Kind));

        // The only slot is free again: another job runs to its end.
        var next = await client.Submit(job.VideoId, cancellationToken: Ct);
        await client.WaitFor(next.Id, now => now.Progress.ChunksDone > 0, Ct);
        await client.Cancel(next.Id, Ct);
        Assert.Equal([0L], await Book.Query<long>(Service, "select count(*) from task where state in ('queued', 'claimed')", Ct));
        await BookIsInOrder();
    }
}
