using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Retention;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Accounts;
using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Retention;
using AX2Caption.Grains.Tests.Accounts;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Work;
using AX2Caption.Storage;

namespace AX2Caption.Grains.Tests.Retention;

[Collection<MediaCluster>]
public sealed class DeletingAVideo(ServiceFixture service) : ClusterScenario(service)
{
    private const int ObjectBytes = RetentionExtensions.ObjectBytes;
    private const int OutputObjects = RetentionExtensions.OutputObjects;

    private HandWorker Worker => new(Service);

    [Fact]
    public async Task Everything_that_came_of_it_goes_and_a_receipt_says_what()
    {
        var accountId = await Service.NewGuest();
        var (videoId, neighbour) = (await Service.ReadyVideo(accountId), await Service.ReadyVideo(accountId));
        var job = await Service.SucceededJob(accountId, videoId);
        var now = Service.Clock.GetUtcNow();

        var answer = Assert.IsType<DeleteVideoResult.Deleted>(await Service.Video(videoId).DeleteByOwner(accountId));

        Assert.Equivalent(
            new DeletionReceipt(videoId, DeletionReason.Owner, [job.JobId], 1 + OutputObjects, ObjectBytes * (1 + OutputObjects), now, now),
            answer.Receipt, strict: true);
        Assert.Equivalent(answer.Receipt, await Service.Receipt(accountId, videoId), strict: true);
        Assert.IsType<VideoResult.NotFound>(await Service.Video(videoId).Get(accountId, Ct));
        Assert.Equal(1, await Service.CountObjects());
        Assert.Equal(1, await Service.Value<long>("select count(*) from stored_object"));
        Assert.IsType<VideoResult.Found>(await Service.Video(neighbour).Get(accountId, Ct));
        var after = await Service.Get(job);
        Assert.Equal((JobState.Succeeded, null, now, (DateTimeOffset?)null), (after.State, after.OutputPrefix, after.DeletedAt, after.ExpiresAt));
        Assert.Equal(0, await Service.Reminders(videoId));
        Assert.Equal(1, await Service.Reminders(neighbour));
    }

    [Fact]
    public async Task Asked_for_again_it_answers_with_the_same_receipt_and_others_find_nothing()
    {
        var (accountId, stranger) = (await Service.NewGuest(), await Service.NewGuest());
        var videoId = await Service.ReadyVideo(accountId);

        Assert.IsType<DeleteVideoResult.NotFound>(await Service.Video(videoId).DeleteByOwner(stranger));
        Assert.IsType<DeleteVideoResult.NotFound>(await Service.Video(Guid.CreateVersion7()).DeleteByOwner(accountId));
        Assert.IsType<VideoResult.Found>(await Service.Video(videoId).Get(accountId, Ct));
        var first = Assert.IsType<DeleteVideoResult.Deleted>(await Service.Video(videoId).DeleteByOwner(accountId));
        Service.Clock.Advance(TimeSpan.FromHours(1));
        var second = Assert.IsType<DeleteVideoResult.Deleted>(await Service.Video(videoId).DeleteByOwner(accountId));

        Assert.Equivalent(first.Receipt, second.Receipt, strict: true);
        Assert.IsType<DeleteVideoResult.NotFound>(await Service.Video(videoId).DeleteByOwner(stranger));
        Assert.Null(await Service.Receipt(stranger, videoId));
    }

    [Fact]
    public async Task Jobs_that_run_are_canceled_and_their_credits_come_back()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.ReadyVideo(accountId);
        var (running, queued) = (await Service.SubmitJob(accountId, videoId), await Service.SubmitJob(accountId, videoId));
        var prepare = await Worker.Claim();
        await Worker.Start(prepare);
        await Service.Put(JobKeys.Audio(prepare));

        var answer = Assert.IsType<DeleteVideoResult.Deleted>(await Service.Video(videoId).DeleteByOwner(accountId));

        Assert.All([await Service.Get(running), await Service.Get(queued)], job => Assert.Equal(JobState.Canceled, job.State));
        Assert.Equal(new CreditBalance(CustomerExtensions.GuestGrant, 0), await Service.Balance(accountId));
        Assert.Equal(0, await Service.CountObjects());
        Assert.Null(answer.Receipt.CompletedAt);
    }

    [Fact]
    public async Task What_a_worker_stores_that_was_at_it_goes_too_before_the_receipt_is_completed()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.ReadyVideo(accountId);
        await Service.SubmitJob(accountId, videoId);
        var prepare = await Worker.Claim();
        await Worker.Start(prepare);
        await Service.Video(videoId).DeleteByOwner(accountId);

        await Service.Put(JobKeys.Audio(prepare));
        Assert.Equal(TaskVerdict.Stale, await Worker.Complete(prepare, HandWorker.Prepared(prepare, chunks: 1)));
        Service.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await Service.Sweep<DueDeletionSweep>());
        Assert.Null((await Service.Receipt(accountId, videoId))!.CompletedAt);
        await Service.Put(JobKeys.Audio(prepare));
        await Service.EndLeases();
        Assert.Equal(1, await Service.Sweep<DueDeletionSweep>());

        Assert.Equal(0, await Service.CountObjects());
        Assert.Equal(Service.Clock.GetUtcNow(), (await Service.Receipt(accountId, videoId))!.CompletedAt);
        Assert.Equal(0, await Service.Sweep<DueDeletionSweep>());
    }

    [Fact]
    public async Task A_probe_that_was_at_it_leaves_nothing()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.Upload(accountId);
        var probe = await Worker.Claim();
        var input = (TaskInput.Probe)probe.Input;
        await Service.Objects.Move(input.ObjectKey, input.ReadyKey, Ct);

        var answer = Assert.IsType<DeleteVideoResult.Deleted>(await Service.Video(videoId).DeleteByOwner(accountId));
        Assert.Equal((1, (long)ObjectBytes), (answer.Receipt.Objects, answer.Receipt.Bytes));
        await Service.Put(input.ReadyKey);
        await Service.Put(input.ThumbnailKey!);
        Assert.Equal(
            TaskVerdict.Stale,
            await Worker.Complete(probe, new TaskOutcome.Playable(HandWorker.Media(TimeSpan.FromMinutes(1)), input.ReadyKey, [await Service.Stored(input.ReadyKey)])));

        Assert.Equal(0, await Service.CountObjects());
        await Service.EndLeases();
        Service.Clock.Advance(TimeSpan.FromMinutes(1));
        await Service.Sweep<DueDeletionSweep>();
        Assert.NotNull((await Service.Receipt(accountId, videoId))!.CompletedAt);
    }

    [Fact]
    public async Task An_upload_that_never_completes_leaves_a_receipt_too()
    {
        var accountId = await Service.NewGuest();
        var videoId = Guid.CreateVersion7();
        var begun = Assert.IsType<BeginUploadResult.Begun>(await Service.Video(videoId).BeginUpload(new BeginUpload(accountId, "talk.mp4")));
        await Service.Put(begun.ObjectKey);

        await Service.Video(videoId).AbandonUpload();

        var receipt = (await Service.Receipt(accountId, videoId))!;
        Assert.Equal((DeletionReason.Abandoned, 1, (long)ObjectBytes), (receipt.Reason, receipt.Objects, receipt.Bytes));
        Assert.NotNull(receipt.CompletedAt);
        Assert.Equal(0, await Service.Reminders(videoId));
    }

    [Fact]
    public async Task An_upload_in_pieces_is_dropped_where_it_stands()
    {
        var accountId = await Service.NewGuest();
        var videoId = Guid.CreateVersion7();
        var begun = Assert.IsType<BeginUploadResult.Begun>(await Service.Video(videoId).BeginUpload(new BeginUpload(accountId, "talk.mp4", Length: 10)));
        await using (var write = await Service.Objects.Resume(begun.ObjectKey, WriteCheckpoint.Start, expectedLength: 10, Ct))
        {
            await write.Append("piece"u8.ToArray(), Ct);
            await write.Suspend(Ct);
        }

        await Service.Execute("insert into upload (video_id, length, written, created_at, expires_at) values ($1, 10, 5, now(), now())", videoId);

        await Service.Video(videoId).DeleteByOwner(accountId);

        var receipt = (await Service.Receipt(accountId, videoId))!;
        Assert.Equal((1, 5L), (receipt.Objects, receipt.Bytes));
        Assert.NotNull(receipt.CompletedAt);
        Assert.Empty(await Service.Objects.ListUnfinished(Ct).ToListAsync(Ct));
        Assert.Equal(0, await Service.Value<long>("select count(*) from upload"));
    }

    [Fact]
    public async Task From_both_silos_at_once_there_is_one_receipt()
    {
        await using var rival = await Service.StartRival();
        var accountId = await Service.NewGuest();
        for (var round = 0; round < 5; round++)
        {
            var videoId = await Service.ReadyVideo(accountId);
            await Service.SucceededJob(accountId, videoId);

            var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i =>
                (i < 3 ? Service.From(silo: i) : rival.Client).GetGrain<IVideoGrain>(videoId).DeleteByOwner(accountId)));

            Assert.All(answers, answer => Assert.IsType<DeleteVideoResult.Deleted>(answer));
            var receipt = (await Service.Receipt(accountId, videoId))!;
            Assert.Equal((1 + OutputObjects, ObjectBytes * (1L + OutputObjects)), (receipt.Objects, receipt.Bytes));
            Assert.NotNull(receipt.CompletedAt);
        }

        Assert.Equal(5, await Service.Value<long>("select count(*) from deletion_receipt"));
        Assert.Equal(0, await Service.CountObjects());
    }

    [Theory]
    [InlineData("caption_job")]
    [InlineData("stored_object where job_id is not null")]
    [InlineData("stored_object where job_id is null")]
    [InlineData("deletion_receipt")]
    public async Task Cut_off_after_its_commit_it_is_finished_by_the_sweep(string row)
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.ReadyVideo(accountId);
        await Service.SucceededJob(accountId, videoId);
        if (row == "deletion_receipt")
        {
            // As it is in the moment after its commit.
            await Service.Execute("update video set state = 'deleted', file_name = 'deleted', length = null, sha256 = null, media = null where video_id = $1", videoId);
            await Service.Execute(
                "insert into deletion_receipt (video_id, account_id, reason, jobs, requested_at) select video_id, account_id, 'owner', array(select job_id from caption_job), $2 from video where video_id = $1",
                videoId, Service.Clock.GetUtcNow());
        }

        await using (var held = await HeldRow.Take(Service, $"select from {row} for update"))
        {
            var deletion = Service.Video(videoId).DeleteByOwner(accountId);
            await held.Blocks(deletion);
            await Service.CutConnections();
            await held.Release();
            try
            {
                Assert.IsType<DeleteVideoResult.Deleted>(await deletion);
            }
            catch (ServiceUnavailableException)
            {
                // The receipt could not be read any more.
            }
        }

        Service.RenewConnections();
        Service.Clock.Advance(TimeSpan.FromMinutes(1));
        await Service.Sweep<DueDeletionSweep>();

        var receipt = (await Service.Receipt(accountId, videoId))!;
        Assert.Equal((1 + OutputObjects, ObjectBytes * (1L + OutputObjects)), (receipt.Objects, receipt.Bytes));
        Assert.NotNull(receipt.CompletedAt);
        Assert.Equal(0, await Service.CountObjects());
    }

    [Fact]
    public async Task Cut_off_before_its_commit_it_has_not_happened()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.ReadyVideo(accountId);
        await using (var held = await HeldRow.Take(Service, "select from video for update"))
        {
            var deletion = Service.Video(videoId).DeleteByOwner(accountId);
            await held.Blocks(deletion);
            await Service.CutConnections();
            await Assert.ThrowsAsync<ServiceUnavailableException>(() => deletion);
        }

        Service.RenewConnections();
        Assert.IsType<VideoResult.Found>(await Service.Video(videoId).Get(accountId, Ct));
        Assert.Null(await Service.Receipt(accountId, videoId));
        Assert.Equal(1, await Service.CountObjects());
    }

    [Fact]
    public async Task A_job_that_is_submitted_at_the_same_moment_goes_with_it_or_is_refused_without_a_hold()
    {
        for (var round = 0; round < 10; round++)
        {
            var accountId = await Service.NewGuest();
            var videoId = await Service.ReadyVideo(accountId);
            var jobs = Enumerable.Range(0, 3).Select(i =>
                Service.From(silo: i).GetGrain<ICaptionJobGrain>(Guid.CreateVersion7()).Submit(new SubmitJob(accountId, videoId, "en", Profile: null))).ToList();

            await Service.Video(videoId).DeleteByOwner(accountId);

            Assert.All(await Task.WhenAll(jobs), answer => Assert.True(answer is SubmitJobResult.Accepted or SubmitJobResult.VideoNotFound));
            Assert.Equal(0, await Service.Value<long>("select count(*) from caption_job where purged_at is null"));
            Assert.Equal(new CreditBalance(CustomerExtensions.GuestGrant, 0), await Service.Balance(accountId));
        }
    }

    [Fact]
    public async Task A_job_that_comes_too_late_for_the_check_is_refused_and_its_hold_given_back()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.ReadyVideo(accountId);
        var jobId = Guid.CreateVersion7();
        Task<SubmitJobResult> submission;
        await using (var held = await HeldRow.Take(Service, "update video set expires_at = created_at where video_id = $1", videoId))
        {
            submission = Service.Job(jobId).Submit(new SubmitJob(accountId, videoId, "en", Profile: null));
            await held.Blocks(submission);
            await held.Commit();
        }

        Assert.IsType<SubmitJobResult.VideoNotFound>(await submission);
        Assert.Equal(new CreditBalance(CustomerExtensions.GuestGrant, 0), await Service.Balance(accountId));
        Assert.IsType<SubmitJobResult.VideoNotFound>(await Service.Job(jobId).Submit(new SubmitJob(accountId, videoId, "en", Profile: null)));
        await Service.Execute("update video set expires_at = created_at + interval '7 days' where video_id = $1", videoId);
    }

    [Fact]
    public async Task With_its_account_it_says_so_in_the_receipt()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.ReadyVideo(accountId);
        var job = await Service.SucceededJob(accountId, videoId);

        await Service.Account(accountId).Delete(passwordDigest: null, MemberExtensions.Origin());

        var receipt = (await Service.Receipt(accountId, videoId))!;
        Assert.Equal((DeletionReason.Account, 1 + OutputObjects), (receipt.Reason, receipt.Objects));
        Assert.Equal([job.JobId], receipt.Jobs);
        Assert.NotNull(receipt.CompletedAt);
        Service.Clock.Advance(TimeSpan.FromMinutes(16));
        await Service.Sweep<AccountPurgeSweep>();
        Assert.Equivalent(receipt, await Service.Receipt(accountId, videoId), strict: true);
    }

    [Fact]
    public async Task A_guest_who_becomes_a_member_keeps_the_receipts()
    {
        var guestId = await Service.NewGuest();
        var videoId = await Service.ReadyVideo(guestId);
        await Service.Video(videoId).DeleteByOwner(guestId);
        var memberId = await Service.SignUp();

        await Service.Account(memberId).AdoptGuest(guestId);

        Assert.NotNull(await Service.Receipt(memberId, videoId));
        Assert.Null(await Service.Receipt(guestId, videoId));
        Assert.IsType<DeleteVideoResult.Deleted>(await Service.Video(videoId).DeleteByOwner(memberId));
    }

    [Fact]
    public async Task Receipts_are_listed_newest_first_in_pages()
    {
        var (accountId, stranger) = (await Service.NewGuest(), await Service.NewGuest());
        var deleted = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            var videoId = await Service.Upload(accountId);
            await Service.Video(videoId).DeleteByOwner(accountId);
            deleted.Insert(0, videoId);
            Service.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var index = Service.Grains.GetGrain<IDeletionIndexGrain>(accountId);
        var first = await index.List(after: null, limit: 2, Ct);
        var second = await index.List(first.Next, limit: 2, Ct);

        Assert.Equal(deleted, first.Receipts.Concat(second.Receipts).Select(receipt => receipt.VideoId));
        Assert.Null(second.Next);
        Assert.Empty((await Service.Grains.GetGrain<IDeletionIndexGrain>(stranger).List(after: null, limit: 2, Ct)).Receipts);
    }
}
