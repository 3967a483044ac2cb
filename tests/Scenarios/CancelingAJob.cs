using System.Diagnostics;
using AX2Caption.Testing.Audit;

namespace AX2Caption.Scenarios;

public sealed class CancelingAJob(PostgresFixture postgres) : Scenario(postgres)
{
    [Fact]
    public async Task While_a_chunk_is_recognised_returns_the_credits_kills_the_engine_and_frees_the_worker()
    {
        var (client, job) = await SubmitSample(repetitions: 4);
        await client.WaitFor(job.Id, now => now.Progress.Stage == "transcribe", Ct);

        // A chunk that its engine never ends holds the only slot for as long as it may.
        var engines = Engines();
        Assert.NotEmpty(engines);
        foreach (var engine in engines)
            await Freeze(engine);

        var canceled = await client.Cancel(job.Id, Ct);

        Assert.Equal("canceled", canceled.State);
        Assert.Equal(new(30, 0), await client.Credits(Ct));
        Assert.Equal(["release", "reserve", "grant"], (await client.Entries(cancellationToken: Ct)).Items.Select(entry => entry.Kind));

        // The only slot is free again: another job is worked on.
        var next = await client.Submit(job.VideoId, cancellationToken: Ct);
        await client.WaitFor(next.Id, now => now.Progress.ChunksDone > 0, Ct);
        await client.Cancel(next.Id, Ct);
        Assert.Empty(engines.Intersect(Engines()));
        Assert.Equal([0L], await Book.Query<long>(Service, "select count(*) from task where state in ('queued', 'claimed')", Ct));
        await BookIsInOrder();
    }

    private List<int> Engines() =>
        [.. Service.SiloProcessIds().Where(id => File.ReadAllText($"/proc/{id}/cmdline").Contains("speech-engine", StringComparison.Ordinal))];

    private static async Task Freeze(int process)
    {
        using var kill = Process.Start("kill", ["-STOP", $"{process}"]);
        await kill.WaitForExitAsync(Ct);
        Assert.Equal(0, kill.ExitCode);
    }
}
