using System.Diagnostics;
using AX2Caption.Testing;
using AX2Caption.Testing.Audit;

namespace AX2Caption.Scenarios;

public sealed class CancelingAJob(PostgresFixture postgres) : Scenario(postgres)
{
    private readonly HashSet<DateTime> leases = [];

    [Fact]
    public async Task While_a_chunk_is_recognised_returns_the_credits_kills_the_engine_and_frees_the_worker()
    {
        var (client, job) = await SubmitSample(repetitions: 4);
        await client.WaitFor(job.Id, now => now.Progress.Stage == "transcribe", Ct);

        // A chunk that its engine never ends holds the only slot for as long as it may.
        var engines = Engines();
        Assert.NotEmpty(engines);
        await Signal("STOP", engines);
        await Polling.Until(() => LeaseWasRenewed(times: 3), Ct);

        var canceled = await client.Cancel(job.Id, Ct);

        Assert.Equal("canceled", canceled.State);
        Assert.Equal(new(30, 0), await client.Credits(Ct));
        Assert.Equal(["release", "reserve", "grant"], (await client.Entries(cancellationToken: Ct)).Items.Select(entry => entry.Kind));

        // One of them was at the chunk.
        await Polling.Until(() => Task.FromResult(engines.Except(Engines()).Any()), Ct);
        await Signal("CONT", engines.Intersect(Engines()));

        // The only slot is free again: another job is worked on.
        var next = await client.Submit(job.VideoId, cancellationToken: Ct);
        await client.WaitFor(next.Id, now => now.Progress.ChunksDone > 0, Ct);
        await client.Cancel(next.Id, Ct);
        Assert.Equal([0L], await Book.Query<long>(Service, "select count(*) from task where state in ('queued', 'claimed')", Ct));
        await BookIsInOrder();
    }

    /// <summary>Whether the lease of a chunk was, since this was first asked: by then the engine has it.</summary>
    private async Task<bool> LeaseWasRenewed(int times)
    {
        leases.UnionWith(await Book.Query<DateTime>(Service, "select lease_expires_at from task where state = 'claimed' and kind = 'transcribe'", Ct));
        return leases.Count > times;
    }

    /// <summary>The processes of the speech engines, their sandboxes' among them.</summary>
    private List<int> Engines() => [.. Service.SiloProcessIds().Where(IsEngine)];

    private static bool IsEngine(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Contains("speech-engine", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // Gone between the list and the look.
            return false;
        }
    }

    private static async Task Signal(string signal, IEnumerable<int> processes)
    {
        foreach (var process in processes)
        {
            // Of an engine that was killed some processes may be about to go.
            using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
            await kill.WaitForExitAsync(Ct);
        }
    }
}
