using System.Diagnostics;
using AX2Caption.Testing;
using AX2Caption.Testing.Audit;
using AX2Caption.Testing.Service;

namespace AX2Caption.Scenarios;

/// <summary>Videos go by their owner's wish and by age, while the Silo is killed again and again in the midst of it.</summary>
public sealed class KillingTheSiloWhileItDeletes(PostgresFixture postgres) : Scenario(postgres)
{
    private const int Videos = 10;
    private const int WithJob = 2;

    protected override CaptionServiceSettings Settings => base.Settings with
    {
        Silo = new Dictionary<string, string>(base.Settings.Silo)
        {
            ["Plans__Guest__Retention"] = "00:01:00",
            ["Worker__SweepInterval"] = "00:00:01",
        },
        Api = new Dictionary<string, string> { ["Cluster__RetryFor"] = "00:03:00" },
    };

    [Fact]
    public async Task Leaves_nothing_in_the_store_and_one_receipt_for_each()
    {
        using var client = Service.CreateClient();
        await client.BecomeGuest(Ct);
        var path = NewPath("silence.m4a");
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-t", "1", "-c:a", "aac", path], Ct);
        var videos = new List<Guid>();
        for (var i = 0; i < Videos; i++)
            videos.Add(i < WithJob ? await Captioned(client, path) : (await client.Upload(path, Ct)).Id);

        // Half of them at once, by their owner; their Api asks until a Silo answers.
        var deletions = videos.Where((_, i) => i % 2 == 0).Select(videoId => client.DeleteVideo(videoId, Ct)).ToList();
        foreach (var receipts in (int[])[1, 3, Videos / 2, Videos - 2])
        {
            await Reaches(receipts, "select count(*) from deletion_receipt");
            await Service.KillSilo();
            await Service.StartSilo(Ct);
        }

        await Task.WhenAll(deletions);
        await Reaches(Videos, "select count(*) from deletion_receipt where completed_at is not null");

        var found = (await client.Deletions(cancellationToken: Ct)).Items;
        Assert.Equal(videos.Order(), found.Select(receipt => receipt.VideoId).Order());
        Assert.All(found, receipt => Assert.Equal(1 + (3 * receipt.Jobs.Count), receipt.Objects));
        Assert.Equal(WithJob, found.Sum(receipt => receipt.Jobs.Count));
        Assert.Contains(found, receipt => receipt.Reason == "owner");
        Assert.Contains(found, receipt => receipt.Reason == "expired");
        Assert.Empty((await client.Videos(cancellationToken: Ct)).Items);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(Service.ObjectFolder, "objects"), "*", SearchOption.AllDirectories));
        Assert.Equal((0, "The store and the tables agree: 0 objects, 0 rows.\n"), await Verify());
        await BookIsInOrder();
    }

    private static async Task<Guid> Captioned(CaptionClient client, string path)
    {
        var video = await client.UploadAndProbe(path, Ct);
        var job = await client.Submit(video.Id, cancellationToken: Ct);
        Assert.Equal("succeeded", (await client.WaitForEnd(job.Id, Ct)).State);
        return video.Id;
    }

    /// <summary>Waits, within bounds, until there are as many.</summary>
    private async Task Reaches(long expected, string count)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromMinutes(4));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while ((await Book.Query<long>(Service, count, limit.Token)).Single() < expected)
            await poll.WaitForNextTickAsync(limit.Token);
    }

    private async Task<(int ExitCode, string Output)> Verify()
    {
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "AX2Caption.Silo.dll"), "storage", "verify", "--content"])
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["ConnectionStrings__Silo"] = Service.Database.SiloConnectionString,
                ["Storage__Root"] = Service.ObjectFolder,
            },
        })!;
        var output = await process.StandardOutput.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, output);
    }
}
