using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Media;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Tests.Media;
using AX2Caption.Grains.Videos;
using AX2Caption.Testing;

namespace AX2Caption.Grains.Tests.Videos;

/// <summary>Probes of real files, as a worker makes them.</summary>
[Collection<MediaCluster>]
public sealed class ProbingAVideo(ServiceFixture service) : ClusterScenario(service)
{
    private readonly TempFolder folder = new();
    private readonly RealWorker worker = new(service);

    [Fact]
    public async Task It_is_ready_with_a_picture_of_it()
    {
        await WriteVideo("video.mp4", "white");
        var (accountId, videoId) = await Upload("video.mp4");

        await worker.DoAll();

        var video = await Get(accountId, videoId);
        Assert.Equal((VideoState.Ready, true), (video.State, video.HasThumbnail));
        Assert.NotNull(video.Media!.Streams.Single(stream => stream.Kind == "audio").Duration);
        Assert.Equal([Video.SourceKey(videoId), Video.ThumbnailKey(videoId)], await StoredKeys());
        Assert.Equal(await Hash(videoId), (await Service.Stored(Video.ThumbnailKey(videoId))).Sha256);
    }

    [Fact]
    public async Task A_second_attempt_replaces_the_picture_of_the_first()
    {
        await WriteVideo("video.mp4", "white");
        var (accountId, videoId) = await Upload("video.mp4");
        var hand = new HandWorker(Service);
        var outcome = Assert.IsType<TaskOutcome.Playable>(await worker.Handle(await hand.Claim()));
        await Service.Put(Video.ThumbnailKey(videoId));
        await hand.Vanish();

        await worker.DoAll();

        Assert.True((await Get(accountId, videoId)).HasThumbnail);
        Assert.Equal(outcome.Files.Single(file => file.Key == Video.ThumbnailKey(videoId)).Sha256, (await Service.Stored(Video.ThumbnailKey(videoId))).Sha256);
        Assert.Equal(await Hash(videoId), (await Service.Stored(Video.ThumbnailKey(videoId))).Sha256);
    }

    [Fact]
    public async Task A_video_whose_pictures_are_not_decoded_is_ready_without_one_and_nothing_of_an_earlier_attempt_stays()
    {
        await WriteVideo("video.mp4", "white");
        var (accountId, videoId) = await Upload("video.mp4");
        await Service.Put(Video.ThumbnailKey(videoId));
        using var picky = new RealWorker(Service, new MediaOptions { PictureCodecs = "vp9" });

        await picky.DoAll();

        var video = await Get(accountId, videoId);
        Assert.Equal((VideoState.Ready, false), (video.State, video.HasThumbnail));
        Assert.Null(await Service.Objects.Stat(Video.ThumbnailKey(videoId), Ct));
        Assert.Equal([Video.SourceKey(videoId)], await StoredKeys());
    }

    [Fact]
    public async Task A_deleted_video_takes_its_picture_along()
    {
        await WriteVideo("video.mp4", "white");
        var (_, videoId) = await Upload("video.mp4");
        await worker.DoAll();

        await Service.Video(videoId).Delete();

        Assert.Null(await Service.Objects.Stat(Video.ThumbnailKey(videoId), Ct));
        Assert.Empty(await StoredKeys());
    }

    [Fact]
    public async Task Audio_that_is_longer_than_the_plan_allows_is_rejected_with_the_limit()
    {
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "anullsrc=sample_rate=8000:channel_layout=mono", "-t", "3601", folder.File("long.flac")], Ct);
        var (accountId, videoId) = await Upload("long.flac");

        await worker.DoAll();

        var rejection = (await Get(accountId, videoId)).Rejection;
        Assert.Equal((MediaRejection.MediaTooLong, "Its audio is longer than 01:00:00."), (rejection?.Code, rejection?.Message));
    }

    public override async ValueTask DisposeAsync()
    {
        worker.Dispose();
        folder.Dispose();
        await base.DisposeAsync();
    }

    private Task WriteVideo(string name, string color) => SampleSpeech.Ffmpeg(
        [
            "-f", "lavfi", "-i", $"color={color}:size=64x64:rate=5", "-f", "lavfi", "-i", "sine", "-t", "2",
            "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", folder.File(name),
        ],
        Ct);

    private async Task<(Guid AccountId, Guid VideoId)> Upload(string name)
    {
        var accountId = await Service.NewGuest();
        return (accountId, await Service.Upload(accountId, folder.File(name)));
    }

    private async Task<VideoSnapshot> Get(Guid accountId, Guid videoId) =>
        Assert.IsType<VideoResult.Found>(await Service.Video(videoId).Get(accountId, Ct)).Video;

    private Task<string[]> StoredKeys() =>
        Service.Value<string[]>("select coalesce(array_agg(object_key order by object_key), '{}') from stored_object");

    private Task<byte[]> Hash(Guid videoId) =>
        Service.Value<byte[]>("select sha256 from stored_object where object_key = $1", Video.ThumbnailKey(videoId));
}
