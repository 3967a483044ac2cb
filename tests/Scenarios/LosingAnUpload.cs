using AX2Caption.Testing;
using AX2Caption.Testing.Audit;
using AX2Caption.Testing.Service;

namespace AX2Caption.Scenarios;

public sealed class LosingAnUpload(PostgresFixture postgres) : Scenario(postgres)
{
    protected override CaptionServiceSettings Settings => base.Settings with
    {
        Silo = new Dictionary<string, string>(base.Settings.Silo) { ["Videos__AbandonUploadsAfter"] = "00:00:10" },
    };

    [Fact]
    public async Task By_killing_the_Api_leaves_no_object_and_no_video()
    {
        using var client = Service.CreateClient();
        await client.BecomeGuest(Ct);
        await using var body = new StalledStream(8 * 1024 * 1024);
        var upload = client.Send(CaptionClient.UploadRequest(body, "unfinished.mp4"), Ct);
        await Counts(1, "select count(*) from video where state = 'uploading'");

        await Service.KillApi();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => upload);
        await Service.StartApi(Ct);

        await Counts(0, "select count(*) from video where state <> 'deleted' or object_key is not null");
        Assert.Empty((await client.Videos(cancellationToken: Ct)).Items);
        await BookIsInOrder();
    }

    [Fact]
    public async Task By_killing_the_Silo_right_after_it_examines_it_all_the_same()
    {
        var path = NewPath("sample.mp4");
        await SampleSpeech.WriteVideo(path, cancellationToken: Ct);
        using var client = Service.CreateClient();
        await client.BecomeGuest(Ct);
        var video = await client.Upload(path, Ct);
        await Service.KillSilo();
        await Service.StartSilo(Ct);

        Assert.Equal("ready", (await client.WaitForProbe(video.Id, Ct)).State);
        await BookIsInOrder();
    }

    /// <summary>Waits, within bounds, until a count is as expected.</summary>
    private async Task Counts(long expected, string count)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((await Book.Query<long>(Service, count, limit.Token)).Single() != expected)
            await poll.WaitForNextTickAsync(limit.Token);
    }
}
