using AX2Caption.Testing;
using AX2Caption.Testing.Audit;
using AX2Caption.Testing.Service;

namespace AX2Caption.Scenarios.Cluster;

/// <summary>A silo that runs grains, and two that are workers alone, with a slot each.</summary>
public sealed class SpreadingOverWorkers(PostgresFixture postgres) : IAsyncLifetime
{
    private SiloGroup group = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private CaptionService Core => group.Silos[0];

    public async ValueTask InitializeAsync()
    {
        group = await SiloGroup.Start(await postgres.Server.CreateDatabase(Ct), [Silo("core"), Silo("worker"), Silo("worker")], Ct);
        await Core.StartApi(Ct);
    }

    public async ValueTask DisposeAsync() => await group.DisposeAsync();

    [Fact]
    public async Task One_long_video_is_worked_on_by_all_of_them_and_outlives_the_death_of_one()
    {
        using var client = Core.CreateClient();
        await client.BecomeGuest(Ct);
        var path = Path.Combine(Core.Folder, "sample.mp4");
        await SampleSpeech.WriteVideo(path, repetitions: 4, Ct);
        var video = await client.UploadAndProbe(path, Ct);
        var job = await client.Submit(video.Id, cancellationToken: Ct);

        await Polling.Until(async () => await Ask("select count(distinct worker) from task where state = 'claimed' and kind = 'transcribe'") == 2, Ct);
        await group.Silos[2].KillSilo();
        var ended = await client.WaitForEnd(job.Id, Ct);

        Assert.Equal("succeeded", ended.State);
        Assert.Equal(1, await Ask("select count(*) from task where kind = 'transcribe' and attempt = 2"));
        Assert.Equal((long)ended.Progress.ChunksTotal!, await Ask("select count(*) from task where kind = 'transcribe' and state = 'done'"));
        Assert.Equal(0, await Ask("select count(*) from worker where is_core"));
        Assert.Empty(await Book.AuditAtRest(Core, Ct));
    }

    private static Dictionary<string, string> Silo(string role) => new()
    {
        ["Cluster__Roles__0"] = role,
        ["Worker__Slots"] = "1",
        // However busy the machine is, only who is dead loses a task.
        ["Worker__LeaseDuration"] = "00:00:10",
        // Several chunks from a short sample.
        ["Transcription__Chunks__Target"] = "00:00:08",
        ["Transcription__Chunks__Max"] = "00:00:16",
    };

    private async Task<long> Ask(string sql) => (await Book.Query<long>(Core, sql, Ct)).Single();
}
