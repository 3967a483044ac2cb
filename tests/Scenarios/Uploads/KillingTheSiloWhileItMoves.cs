using AX2Caption.Testing;

namespace AX2Caption.Scenarios.Uploads;

/// <summary>The Silo is killed while it examines uploads and moves them to their places.</summary>
public sealed class KillingTheSiloWhileItMoves(PostgresFixture postgres) : Scenario(postgres)
{
    private const int Videos = 6;
    private const int Kills = 3;

    [Fact]
    public async Task Leaves_each_video_once_and_whole()
    {
        var path = NewPath("sample.mp4");
        await SampleSpeech.WriteVideo(path, cancellationToken: Ct);
        using var client = Service.CreateClient();
        await client.BecomeGuest(Ct);
        var ids = new List<Guid>();
        for (var number = 0; number < Videos; number++)
            ids.Add((await client.Upload(path, Ct)).Id);

        for (var kill = 1; kill <= Kills; kill++)
        {
            // Somewhere between this video's move and the next one's.
            await client.WaitForProbe(ids[kill - 1], Ct);
            await Service.KillSilo();
            await Service.StartSilo(Ct);
        }

        foreach (var id in ids)
            Assert.Equal("ready", (await client.WaitForProbe(id, Ct)).State);
        await BookIsInOrder();
        var (exitCode, output, errors) = await Service.RunSiloCommand(["storage", "verify", "--content"], Ct);
        Assert.True(exitCode == 0, $"{output}{errors}");
    }
}
