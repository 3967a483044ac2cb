using AX2Caption.Testing;
using AX2Caption.Testing.Audit;
using AX2Caption.Testing.Postgres;
using AX2Caption.Testing.Service;

namespace AX2Caption.Scenarios.Cluster;

/// <summary>
/// Three silos that run grains and work, jobs of several accounts under way, and whatever may happen to a process happens to
/// one after the other. Afterwards each job has ended as it should, once, and has been paid for once.
/// </summary>
public sealed class OutlivingFaults
{
    private const int Accounts = 4;
    private const int JobsOfEach = 6;

    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(5);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silos_are_killed_stopped_and_frozen_and_PostgreSQL_restarts()
    {
        await using var postgres = await PostgresServer.Start(Ct);
        await using var group = await SiloGroup.Start(await postgres.CreateDatabase(Ct), [.. Enumerable.Repeat(Settings, 3)], Ct);
        await group.Silos[0].StartApi(Ct);
        var customers = await Task.WhenAll(Enumerable.Range(0, Accounts).Select(_ => Upload(group.Silos[0])));
        var submitted = new List<(CaptionClient Client, Guid JobId)>();
        async Task SubmitSome(int count)
        {
            foreach (var (client, video) in customers)
            {
                for (var i = 0; i < count; i++)
                    submitted.Add((client, (await client.Submit(video, cancellationToken: Ct)).Id));
            }
        }

        await SubmitSome(JobsOfEach / 3);
        await group.Silos[1].KillSilo();
        await SubmitSome(JobsOfEach / 3);
        await group.Silos[1].StartSilo(Ct);
        await group.Silos[2].FreezeSilo(Ct);
        await postgres.Restart(Ct);
        // As long as it lasts, not how long it takes: the others find the silo dead meanwhile, and it finds itself given up.
        await Task.Delay(Frozen, Ct);
        await group.Silos[2].ThawSilo(Ct);
        await SubmitSome(JobsOfEach / 3);
        Assert.Equal(0, await group.Silos[0].StopSilo(Ct));
        await group.Silos[0].StartSilo(Ct);

        foreach (var (client, jobId) in submitted)
            Assert.Equal("succeeded", (await client.WaitForEnd(jobId, Ct)).State);

        foreach (var (client, _) in customers)
        {
            Assert.Equal((30 - JobsOfEach, 0L), await Balance(client));
            client.Dispose();
        }

        Assert.Equal(
            [(long)submitted.Count],
            await Book.Query<long>(group.Silos[0], "select count(*) from task where kind = 'transcribe' and state = 'done'", Ct));
        Assert.Empty(await Book.Audit(group.Silos[0], Ct));
    }

    private static Dictionary<string, string> Settings => new()
    {
        ["Worker__Slots"] = "1",
        ["Credits__GuestGrant"] = "30",
    };

    /// <summary>A guest with a sentence uploaded, which is one chunk and one credit.</summary>
    private static async Task<(CaptionClient Client, Guid VideoId)> Upload(CaptionService service)
    {
        var client = service.CreateClient();
        await client.BecomeGuest(Ct);
        return (client, (await client.UploadAndProbe(SampleSpeech.Sentences[0].WavPath, Ct)).Id);
    }

    private static async Task<(long Available, long Reserved)> Balance(CaptionClient client)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        var credits = await client.Credits(Ct);
        // A settlement may still be owed for a moment.
        while (credits.Reserved > 0)
        {
            await poll.WaitForNextTickAsync(limit.Token);
            credits = await client.Credits(Ct);
        }

        return (credits.Available, credits.Reserved);
    }
}
