using AX2Caption.Grains.Abstractions.Uploads;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Uploads;
using AX2Caption.Storage;
using StoredVideo = AX2Caption.Grains.Videos.Video;

namespace AX2Caption.Grains.Tests.Uploads;

[Collection<MediaCluster>]
public sealed class UploadingInPieces(ServiceFixture service) : ClusterScenario(service)
{
    [Fact]
    public async Task Pieces_make_the_object_and_queue_the_probe()
    {
        var (accountId, uploadId) = await Begin(length: 10);

        await Write(accountId, uploadId, 0, "four"u8.ToArray());
        Assert.Equal(VideoState.Uploading, (await Video(accountId, uploadId)).State);
        await Write(accountId, uploadId, 4, "andsix"u8.ToArray());

        var video = await Video(accountId, uploadId);
        Assert.Equal((VideoState.Probing, 10L), (video.State, video.Length));
        Assert.Equal("fourandsix", await Read(StoredVideo.IncomingKey(uploadId)));
        Assert.Equal(1, await Service.Value<long>("select count(*) from task where kind = 'probe' and state = 'queued'"));
    }

    [Fact]
    public async Task Bytes_that_were_not_said_to_be_safe_are_dropped()
    {
        var (accountId, uploadId) = await Begin(length: 8);
        await Write(accountId, uploadId, 0, "four"u8.ToArray());
        var granted = await Grant(accountId, uploadId, 4);
        await using (var lost = await Service.Objects.Resume(granted.ObjectKey, new WriteCheckpoint(4, null), 8, Ct))
            await lost.Append("lost"u8.ToArray(), Ct);
        await ForgetWriter();

        await Write(accountId, uploadId, 4, "kept"u8.ToArray());

        Assert.Equal("fourkept", await Read(StoredVideo.IncomingKey(uploadId)));
    }

    [Fact]
    public async Task A_writer_that_falls_silent_is_replaced_and_its_words_count_no_more()
    {
        var (accountId, uploadId) = await Begin(length: 8);
        var first = Guid.CreateVersion7();
        var second = Guid.CreateVersion7();
        Assert.IsType<BeginWriteResult.Granted>(await Upload(uploadId).BeginWrite(new BeginWrite(accountId, first, 0)));
        Assert.IsType<BeginWriteResult.Locked>(await Upload(uploadId).BeginWrite(new BeginWrite(accountId, second, 0)));

        await Service.Execute("update upload set writer_until = now() - interval '1 second'");
        Assert.IsType<BeginWriteResult.Granted>(await Upload(uploadId).BeginWrite(new BeginWrite(accountId, second, 0)));

        Assert.Equal(WriterStanding.Replaced, await Upload(uploadId).ExtendWrite(first, new UploadProgress(4, null)));
        Assert.IsType<EndWriteResult.Replaced>(await Upload(uploadId).EndWrite(first, new UploadProgress(8, null), null));
        Assert.Equal(WriterStanding.Holds, await Upload(uploadId).ExtendWrite(second, new UploadProgress(2, null)));
        Assert.Equal(2, (await Find(accountId, uploadId)).Written);
    }

    [Fact]
    public async Task Every_call_said_again_answers_the_same()
    {
        var accountId = await Service.NewGuest();
        var uploadId = Guid.CreateVersion7();
        var create = new CreateUpload(accountId, "talk.mp4", 4, "filename dGFsaw==");
        var writer = Guid.CreateVersion7();

        Assert.Equal(await Upload(uploadId).Create(create), await Upload(uploadId).Create(create));
        Assert.Equal(
            await Upload(uploadId).BeginWrite(new BeginWrite(accountId, writer, 0)),
            await Upload(uploadId).BeginWrite(new BeginWrite(accountId, writer, 0)));
        var key = StoredVideo.IncomingKey(uploadId);
        await using (var write = await Service.Objects.Resume(key, WriteCheckpoint.Start, 4, Ct))
        {
            await write.Append("four"u8.ToArray(), Ct);
            await write.Suspend(Ct);
        }

        Assert.Equal(
            await Upload(uploadId).EndWrite(writer, new UploadProgress(4, null), new byte[32]),
            await Upload(uploadId).EndWrite(writer, new UploadProgress(4, null), new byte[32]));
        Assert.Equal(1, await Service.Value<long>("select count(*) from task"));
    }

    [Fact]
    public async Task Two_activations_that_give_it_to_two_writers_give_it_to_one()
    {
        var (accountId, uploadId) = await Begin(length: 8);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
            Service.From(silo: number % 2).GetGrain<IUploadGrain>(uploadId).BeginWrite(new BeginWrite(accountId, Guid.CreateVersion7(), 0))));

        Assert.Single(answers.OfType<BeginWriteResult.Granted>());
        Assert.Equal(7, answers.OfType<BeginWriteResult.Locked>().Count());
    }

    [Fact]
    public async Task What_a_crash_left_complete_is_finished_by_the_sweep()
    {
        var (accountId, uploadId) = await Begin(length: 4);
        var granted = await Grant(accountId, uploadId, 0);
        await using (var write = await Service.Objects.Resume(granted.ObjectKey, WriteCheckpoint.Start, 4, Ct))
        {
            await write.Append("four"u8.ToArray(), Ct);
            await write.Suspend(Ct);
        }

        await Service.Execute("update upload set written = 4, writer = null, writer_until = null");
        await Service.Sweep<UploadSweep>();

        Assert.Equal(VideoState.Probing, (await Video(accountId, uploadId)).State);
        Assert.Equal("four", await Read(granted.ObjectKey));
        await Service.Sweep<UploadSweep>();
    }

    [Fact]
    public async Task What_a_writer_noted_whole_before_it_died_is_finished_by_the_sweep()
    {
        var (accountId, uploadId) = await Begin(length: 4);
        var writer = Guid.CreateVersion7();
        var granted = Assert.IsType<BeginWriteResult.Granted>(await Upload(uploadId).BeginWrite(new BeginWrite(accountId, writer, 0)));
        await using (var write = await Service.Objects.Resume(granted.ObjectKey, WriteCheckpoint.Start, 4, Ct))
        {
            await write.Append("four"u8.ToArray(), Ct);
            await write.Suspend(Ct);
        }

        Assert.Equal(WriterStanding.Holds, await Upload(uploadId).ExtendWrite(writer, new UploadProgress(4, null)));
        await Service.Sweep<UploadSweep>();
        Assert.Equal(VideoState.Uploading, (await Video(accountId, uploadId)).State);

        await Service.Execute("update upload set writer_until = now() - interval '1 second'");
        await Service.Sweep<UploadSweep>();

        Assert.Equal(VideoState.Probing, (await Video(accountId, uploadId)).State);
    }

    [Fact]
    public async Task A_client_that_asks_again_whether_all_is_there_has_it_finished()
    {
        var (accountId, uploadId) = await Begin(length: 4);
        await Write(accountId, uploadId, 0, "four"u8.ToArray());
        await Service.Execute("update video set state = 'uploading', length = null; delete from task");

        Assert.IsType<BeginWriteResult.Complete>(await Upload(uploadId).BeginWrite(new BeginWrite(accountId, Guid.CreateVersion7(), 4)));

        Assert.Equal(VideoState.Probing, (await Video(accountId, uploadId)).State);
    }

    [Fact]
    public async Task The_pieces_of_a_video_whose_deletion_was_cut_off_go_with_the_upload()
    {
        var (accountId, uploadId) = await Begin(length: 8);
        await Write(accountId, uploadId, 0, "four"u8.ToArray());
        await Service.Execute(
            """
            update video set state = 'deleted', object_key = null;
            insert into deletion_receipt (video_id, account_id, reason, jobs, requested_at, completed_at)
            select video_id, account_id, 'owner', '{}', now(), now() from video
            """);

        Service.Clock.Advance(new UploadOptions().ExpireAfter);
        await Service.Sweep<UploadSweep>();

        Assert.Empty(await Unfinished());
        Assert.Equal(0, await Service.Value<long>("select count(*) from upload"));
    }

    [Fact]
    public async Task One_that_went_to_another_kind_of_store_can_be_given_up_all_the_same()
    {
        var (accountId, uploadId) = await Begin(length: 8);
        await Service.Execute("update upload set part_bytes = 5, write_state = '{}'");

        Assert.True(await Upload(uploadId).Terminate(accountId));

        Assert.Equal(0, await Service.Value<long>("select count(*) from upload"));
        Assert.IsType<VideoResult.NotFound>(await Service.Video(uploadId).Get(accountId, Ct));
    }

    [Fact]
    public async Task One_of_which_nothing_arrives_expires_with_all_that_did()
    {
        var (accountId, uploadId) = await Begin(length: 8);
        await Write(accountId, uploadId, 0, "four"u8.ToArray());
        Service.Clock.Advance(new UploadOptions().ExpireAfter - TimeSpan.FromSeconds(1));
        await Service.Sweep<UploadSweep>();
        Assert.Equal(4, (await Find(accountId, uploadId)).Written);

        Service.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<UploadResult.Expired>(await Upload(uploadId).Get(accountId, Ct));
        Assert.IsType<BeginWriteResult.Expired>(await Upload(uploadId).BeginWrite(new BeginWrite(accountId, Guid.CreateVersion7(), 4)));
        await Service.Sweep<UploadSweep>();

        Assert.IsType<UploadResult.NotFound>(await Upload(uploadId).Get(accountId, Ct));
        Assert.IsType<VideoResult.NotFound>(await Service.Video(uploadId).Get(accountId, Ct));
        Assert.Empty(await Unfinished());
    }

    [Fact]
    public async Task A_complete_one_is_forgotten_and_its_video_stays()
    {
        var (accountId, uploadId) = await Begin(length: 4);
        await Write(accountId, uploadId, 0, "four"u8.ToArray());

        Service.Clock.Advance(new UploadOptions().ExpireAfter);
        await Service.Sweep<UploadSweep>();

        Assert.Equal(0, await Service.Value<long>("select count(*) from upload"));
        Assert.Equal(VideoState.Probing, (await Video(accountId, uploadId)).State);
    }

    [Fact]
    public async Task Termination_leaves_nothing_and_the_writer_hears_of_it()
    {
        var (accountId, uploadId) = await Begin(length: 8);
        var writer = Guid.CreateVersion7();
        Assert.IsType<BeginWriteResult.Granted>(await Upload(uploadId).BeginWrite(new BeginWrite(accountId, writer, 0)));

        Assert.False(await Upload(uploadId).Terminate(await Service.NewGuest()));
        Assert.True(await Upload(uploadId).Terminate(accountId));

        Assert.False(await Upload(uploadId).Terminate(accountId));
        Assert.Equal(WriterStanding.UploadGone, await Upload(uploadId).ExtendWrite(writer, new UploadProgress(4, null)));
        Assert.IsType<EndWriteResult.UploadGone>(await Upload(uploadId).EndWrite(writer, new UploadProgress(8, null), null));
        Assert.Empty(await Unfinished());
    }

    [Fact]
    public async Task A_guest_who_becomes_a_member_goes_on_with_it()
    {
        var (guestId, uploadId) = await Begin(length: 8);
        await Write(guestId, uploadId, 0, "four"u8.ToArray());
        var memberId = Guid.CreateVersion7();
        await Service.Grains.GetGrain<Abstractions.Accounts.IAccountGrain>(memberId).CreateMember();
        await Service.Grains.GetGrain<Abstractions.Accounts.IAccountGrain>(memberId).AdoptGuest(guestId);

        Assert.IsType<UploadResult.NotFound>(await Upload(uploadId).Get(guestId, Ct));
        await Write(memberId, uploadId, 4, "more"u8.ToArray());

        Assert.Equal(VideoState.Probing, (await Video(memberId, uploadId)).State);
    }

    private async Task<(Guid AccountId, Guid UploadId)> Begin(long length)
    {
        var accountId = await Service.NewGuest();
        var uploadId = Guid.CreateVersion7();
        Assert.IsType<CreateUploadResult.Created>(await Upload(uploadId).Create(new CreateUpload(accountId, "talk.mp4", length, Metadata: null)));
        return (accountId, uploadId);
    }

    private async Task<BeginWriteResult.Granted> Grant(Guid accountId, Guid uploadId, long offset) =>
        Assert.IsType<BeginWriteResult.Granted>(await Upload(uploadId).BeginWrite(new BeginWrite(accountId, Guid.CreateVersion7(), offset)));

    /// <summary>Writes a piece as the Api does.</summary>
    private async Task Write(Guid accountId, Guid uploadId, long offset, byte[] bytes)
    {
        var writer = Guid.CreateVersion7();
        var granted = Assert.IsType<BeginWriteResult.Granted>(await Upload(uploadId).BeginWrite(new BeginWrite(accountId, writer, offset)));
        WriteCheckpoint safe;
        await using (var write = await Service.Objects.Resume(
            granted.ObjectKey, new WriteCheckpoint(granted.Progress.Written, granted.Progress.State), granted.Upload.Length, Ct))
        {
            await write.Append(bytes, Ct);
            safe = await write.Suspend(Ct);
        }

        Assert.IsType<EndWriteResult.Noted>(await Upload(uploadId).EndWrite(writer, new UploadProgress(safe.Length, safe.State), null));
    }

    private Task ForgetWriter() => Service.Execute("update upload set writer = null, writer_until = null");

    private IUploadGrain Upload(Guid uploadId) => Service.Grains.GetGrain<IUploadGrain>(uploadId);

    private async Task<UploadSnapshot> Find(Guid accountId, Guid uploadId) =>
        Assert.IsType<UploadResult.Found>(await Upload(uploadId).Get(accountId, Ct)).Upload;

    private async Task<VideoSnapshot> Video(Guid accountId, Guid uploadId) =>
        Assert.IsType<VideoResult.Found>(await Service.Video(uploadId).Get(accountId, Ct)).Video;

    private async Task<string> Read(string key)
    {
        await using var content = await Service.Objects.OpenRead(key, 0, null, Ct);
        return await new StreamReader(content).ReadToEndAsync(Ct);
    }

    private async Task<List<string>> Unfinished()
    {
        var keys = new List<string>();
        await foreach (var write in Service.Objects.ListUnfinished(Ct))
            keys.Add(write.Key);
        return keys;
    }
}
