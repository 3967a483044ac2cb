using System.Security.Cryptography;
using AX2Caption.Testing;
using AX2Caption.Testing.Audit;
using AX2Caption.Testing.Service;

namespace AX2Caption.Scenarios.Uploads;

/// <summary>The client that web pages use, against the real service.</summary>
public sealed class UploadingWithTusJsClient(PostgresFixture postgres) : Scenario(postgres)
{
    private const int Piece = 256 * 1024;

    /// <summary>Progress is noted often, so that the kill surely finds some.</summary>
    protected override CaptionServiceSettings Settings => base.Settings with
    {
        Silo = new Dictionary<string, string>(base.Settings.Silo) { ["Uploads__WriterLease"] = "00:00:01" },
    };

    private Uri Endpoint => new(Service.ApiUrl, "/v1/uploads");

    [Fact]
    public async Task In_one_request_or_in_many_makes_videos()
    {
        var (client, file, _) = await Prepare(bytes: 0);
        await using var whole = TusJsClient.Start(Endpoint, client.Session!.AccessToken, file);
        await using var pieces = TusJsClient.Start(Endpoint, client.Session!.AccessToken, file, Piece / 4);

        foreach (var upload in new[] { whole, pieces })
        {
            var video = await client.WaitForProbe(IdOf((await upload.Until("succeeded"))[^1]), Ct);
            Assert.Equal(("ready", "강의.mp4"), (video.State, video.FileName));
        }

        await BookIsInOrder();
    }

    [Fact]
    public async Task Paused_while_the_Api_is_killed_goes_on_where_it_was()
    {
        var (client, file, hash) = await Prepare(bytes: 16 * Piece);
        await using var upload = TusJsClient.Start(Endpoint, client.Session!.AccessToken, file, Piece, pauseAt: 4 * Piece);
        var accepted = (await upload.Until("paused"))[^1].Accepted;

        await Service.KillApi();
        await Service.StartApi(Ct);
        await upload.Tell("resume");

        var said = await upload.Until("succeeded");
        Assert.True(said.Where(saying => saying.Event == "accepted").Min(saying => saying.Accepted) > accepted);
        Assert.Equal(hash, await StoredHash(client, IdOf(said[^1])));
    }

    [Fact]
    public async Task In_one_request_that_the_Apis_death_breaks_off_goes_on_by_itself()
    {
        var (client, file, hash) = await Prepare(bytes: 512L << 20);
        await using var upload = TusJsClient.Start(Endpoint, client.Session!.AccessToken, file);
        await Written(atLeast: 1);

        await Service.KillApi();
        await Service.StartApi(Ct);

        var said = await upload.Until("succeeded");
        Assert.Contains(said, saying => saying.Event == "retrying");
        Assert.Equal(hash, await StoredHash(client, IdOf(said[^1])));
    }

    [Fact]
    public async Task Given_up_by_the_client_leaves_nothing()
    {
        var (client, file, _) = await Prepare(bytes: 8 * Piece);
        await using var upload = TusJsClient.Start(Endpoint, client.Session!.AccessToken, file, Piece, pauseAt: 4 * Piece);
        await upload.Until("paused");

        await upload.Tell("terminate");
        await upload.Until("terminated");

        Assert.Empty((await client.Videos(cancellationToken: Ct)).Items);
        Assert.Empty(Directory.EnumerateFiles(Service.ObjectFolder, "*", SearchOption.AllDirectories));
    }

    /// <summary>A guest, and a file: the sample if it needs no particular size.</summary>
    private async Task<(CaptionClient Client, string File, byte[] Hash)> Prepare(long bytes)
    {
        var client = Service.CreateClient();
        await client.BecomeGuest(Ct);
        var path = NewPath($"{Guid.CreateVersion7()}.mp4");
        await SampleSpeech.WriteVideo(path, cancellationToken: Ct);
        if (bytes > 0)
        {
            await using var file = File.OpenWrite(path);
            file.SetLength(bytes);
        }

        await using var content = File.OpenRead(path);
        return (client, path, await SHA256.HashDataAsync(content, Ct));
    }

    /// <summary>The hash that the service knows of the object that the upload became.</summary>
    private async Task<byte[]> StoredHash(CaptionClient client, Guid videoId)
    {
        Assert.Equal("ready", (await client.WaitForProbe(videoId, Ct)).State);
        var video = await Book.Query<string>(Service, $"select encode(sha256, 'hex') from video where video_id = '{videoId}'", Ct);
        return Convert.FromHexString(video.Single());
    }

    private async Task Written(long atLeast)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while ((await Book.Query<long>(Service, "select coalesce(sum(written), 0)::bigint from upload where written < length", limit.Token)).Single() < atLeast)
            await poll.WaitForNextTickAsync(limit.Token);
    }

    private static Guid IdOf(TusJsClient.Saying succeeded) => Guid.Parse(succeeded.Url!.Split('/')[^1]);
}
