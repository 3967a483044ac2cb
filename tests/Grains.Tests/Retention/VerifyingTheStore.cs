using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Retention;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Videos;
using AX2Caption.Storage;
using Microsoft.Extensions.Time.Testing;

namespace AX2Caption.Grains.Tests.Retention;

/// <summary>Store and tables, which hold a succeeded job and one that is being worked on, are made to differ by hand.</summary>
[Collection<MediaCluster>]
public sealed class VerifyingTheStore(ServiceFixture service) : IAsyncLifetime
{
    private const string Nobody = "01920000-0000-7000-8000-000000000000";
    private const string WorkOfNobody = $"jobs/{Nobody}/work";

    private Guid accountId;
    private JobSnapshot succeeded = null!;
    private JobSnapshot live = null!;

    /// <summary>The store does not date a write in several goes before it is finished: the file system does, by the real time.</summary>
    private static FakeTimeProvider Tomorrow => new(TimeProvider.System.GetUtcNow().AddDays(1));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await service.Clear();
        accountId = await service.NewGuest();
        var videoId = await service.ReadyVideo(accountId);
        succeeded = await service.SucceededJob(accountId, videoId);
        live = await service.SubmitJob(accountId, videoId);
        var worker = new HandWorker(service);
        var prepare = await worker.Claim();
        await worker.Start(prepare);
        await worker.CompletePrepare(prepare, chunks: 1);
        Age();
    }

    public async ValueTask DisposeAsync() => await service.Clear();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_agrees_agrees_and_is_counted(bool content)
    {
        var (found, compared) = await Verify(content);

        Assert.Empty(found);
        // The source, a transcript, captions in two formats; and a working file without a row.
        Assert.Equal(new StorageComparison(Objects: 5, Rows: 4, Findings: 0), compared);
    }

    [Fact]
    public async Task Tables_without_a_video_are_known_for_what_they_are()
    {
        var verifier = new StorageVerifier(service.Service<Npgsql.NpgsqlDataSource>(), service.Objects, service.Clock);
        Assert.True(await verifier.KnowsVideos(Ct));

        await service.Clear();

        Assert.False(await verifier.KnowsVideos(Ct));
    }

    [Fact]
    public async Task An_object_that_is_gone_is_missed()
    {
        await service.Objects.Delete(Video.SourceKey(live.VideoId), Ct);
        await service.Objects.Delete($"{succeeded.OutputPrefix}captions.srt", Ct);

        await Finds((StorageVerifier.Missing, Video.SourceKey(live.VideoId)), (StorageVerifier.Missing, $"{succeeded.OutputPrefix}captions.srt"));
    }

    [Fact]
    public async Task An_object_of_another_length_is_found()
    {
        await Replace(Video.SourceKey(live.VideoId), "Longer than before.");

        await Finds((StorageVerifier.LengthDiffers, Video.SourceKey(live.VideoId)));
    }

    [Fact]
    public async Task An_object_of_other_bytes_is_found_by_reading_it_only()
    {
        await Replace(Video.SourceKey(live.VideoId), "bytes.");

        Assert.Empty((await Verify()).Found);
        Assert.Equal([(StorageVerifier.ContentDiffers, Video.SourceKey(live.VideoId))], Named((await Verify(content: true)).Found));
    }

    [Theory]
    [InlineData("lost-and-found")]
    [InlineData($"incoming/{Nobody}")]
    [InlineData($"videos/{Nobody}/source")]
    [InlineData($"{WorkOfNobody}/x/audio.pcm")]
    [InlineData($"jobs/{Nobody}/output/x/captions.srt")]
    public async Task An_object_of_nobody_is_found_when_it_is_older_than_an_hour(string key)
    {
        await service.Put(key);
        service.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty((await Verify()).Found);
        service.Clock.Advance(TimeSpan.FromMilliseconds(1));

        await Finds((StorageVerifier.Orphan, key));
    }

    [Fact]
    public async Task An_object_that_its_video_or_job_does_not_name_is_found()
    {
        var (besideSource, besideOutput, work) =
            ($"videos/{live.VideoId}/old", $"jobs/{succeeded.JobId}/output/x/captions.srt", $"{JobKeys.WorkPrefix(succeeded.JobId)}x/audio.pcm");
        await service.Put(besideSource);
        await service.Put(besideOutput);
        await service.Put(work);
        Age();

        await Finds((StorageVerifier.Orphan, besideSource), (StorageVerifier.Orphan, besideOutput), (StorageVerifier.Orphan, work));
    }

    [Fact]
    public async Task An_unfinished_write_of_no_upload_is_found_and_that_of_an_upload_is_not()
    {
        var videoId = Guid.CreateVersion7();
        await service.Video(videoId).BeginUpload(new BeginUpload(accountId, "talk.mp4", Length: 10));
        await Begin(Video.IncomingKey(videoId));
        await Begin($"incoming/{Nobody}");
        Assert.Empty((await Verify()).Found);
        Assert.Equal([(StorageVerifier.OrphanedWrite, $"incoming/{Nobody}")], Named((await Verify(at: Tomorrow)).Found));
        Assert.True(Assert.Single((await Verify(repair: true, at: Tomorrow)).Found).Repaired);
        Assert.Equal(
            [Video.IncomingKey(videoId)], (await service.Objects.ListUnfinished(Ct).ToListAsync(Ct)).Select(write => write.Key));
        await service.Video(videoId).AbandonUpload();
    }

    [Fact]
    public async Task Work_under_way_is_no_finding()
    {
        var uploading = Guid.CreateVersion7();
        await service.Video(uploading).BeginUpload(new BeginUpload(accountId, "talk.mp4"));
        await service.Put(Video.IncomingKey(uploading));
        var probing = await service.Upload(accountId);
        await service.Objects.Move(Video.IncomingKey(probing), Video.SourceKey(probing), Ct);
        await service.Put(Video.ThumbnailKey(probing));
        await service.Put($"jobs/{live.JobId}/output/x/captions.srt");
        Age();

        Assert.Empty((await Verify(content: true)).Found);
    }

    [Fact]
    public async Task A_deletion_under_way_is_no_finding()
    {
        // As it is between its commit and the last object.
        await service.Execute("update video set state = 'deleted', file_name = 'deleted', length = null, sha256 = null, media = null");
        await service.Execute(
            "insert into deletion_receipt (video_id, account_id, reason, jobs, requested_at) select video_id, account_id, 'owner', array(select job_id from caption_job), $1 from video",
            service.Clock.GetUtcNow());
        await service.Objects.Delete($"{succeeded.OutputPrefix}captions.srt", Ct);
        Age();

        Assert.Empty((await Verify(content: true)).Found);
    }

    [Fact]
    public async Task Repairing_deletes_old_objects_of_nobody_and_nothing_else()
    {
        await service.Put("lost-and-found");
        Age();
        await service.Put("lost-and-young");
        await service.Objects.Delete($"{succeeded.OutputPrefix}captions.srt", Ct);

        var (found, _) = await Verify(repair: true);

        Assert.Equal(
            [(StorageVerifier.Missing, false), (StorageVerifier.Orphan, true)],
            found.Select(finding => (finding.Code, finding.Repaired)).Order());
        Assert.Null(await service.Objects.Stat("lost-and-found", Ct));
        Assert.NotNull(await service.Objects.Stat("lost-and-young", Ct));
        Assert.Equal([StorageVerifier.Missing], (await Verify()).Found.Select(finding => finding.Code));
        Assert.Equal(5, await service.CountObjects());
    }

    [Fact]
    public async Task More_than_a_batch_is_compared_too()
    {
        await service.Execute(
            """
            insert into stored_object (object_key, video_id, length, sha256, created_at)
            select format('videos/%s/%s', video_id, n), video_id, 1, sha256(''), now() from video, generate_series(1, 1200) n
            """);

        var (found, compared) = await Verify();

        Assert.Equal(1200, found.Count);
        Assert.Equal((1204, 1200), (compared.Rows, compared.Findings));
    }

    private static IEnumerable<(string, string)> Named(IEnumerable<StorageFinding> found) => found.Select(finding => (finding.Code, finding.Key)).Order();

    private async Task Finds(params (string, string)[] expected) => Assert.Equal(expected.Order(), Named((await Verify()).Found));

    private async Task<(List<StorageFinding> Found, StorageComparison Compared)> Verify(
        bool content = false, bool repair = false, TimeProvider? at = null)
    {
        var found = new List<StorageFinding>();
        var verifier = new StorageVerifier(service.Service<Npgsql.NpgsqlDataSource>(), service.Objects, at ?? service.Clock);
        var compared = await verifier.Verify(
            content,
            repair,
            finding =>
            {
                found.Add(finding);
                return Task.CompletedTask;
            },
            Ct);
        return (found, compared);
    }

    /// <summary>What was stored so far is older than what may be under way.</summary>
    private void Age() => service.Clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(1));

    private async Task Replace(string key, string content) =>
        await service.Objects.Put(key, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)), Ct);

    /// <summary>Begins a write in several goes, and lets it lie.</summary>
    private async Task Begin(string key)
    {
        await using var write = await service.Objects.Resume(key, WriteCheckpoint.Start, expectedLength: 10, Ct);
        await write.Append("piece"u8.ToArray(), Ct);
        await write.Suspend(Ct);
    }
}
