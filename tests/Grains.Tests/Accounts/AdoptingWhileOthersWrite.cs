using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Accounts;

/// <summary>What happens at the same moment as an adoption is moved by it or refused after it; nothing is left at the guest.</summary>
[Collection<CreditCluster>]
public sealed class AdoptingWhileOthersWrite(ServiceFixture service) : ClusterScenario(service)
{
    private const long GuestGrant = CustomerExtensions.GuestGrant;
    private const long MemberGrant = AccountExtensions.MemberGrant;

    private HandWorker Worker => new(Service);

    [Fact]
    public async Task Asked_by_many_for_one_member_at_once_it_happens_once()
    {
        var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
        await using var rival = await Service.StartRival();
        IGrainFactory[] clusters = [Service.Grains, rival.Client];

        var results = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => clusters[i % 2].GetGrain<IAccountGrain>(memberId).AdoptGuest(guestId)));

        Assert.Single(results, new AdoptGuestResult.Adopted(Replayed: false));
        Assert.Equal(19, results.Count(result => result is AdoptGuestResult.Adopted { Replayed: true }));
        Assert.Equal(new CreditBalance(MemberGrant + GuestGrant, 0), await Service.Balance(memberId));
    }

    [Fact]
    public async Task Of_two_members_who_ask_at_once_one_gets_the_guest()
    {
        for (var round = 0; round < 10; round++)
        {
            var guestId = await Service.NewGuest();
            var members = new[] { await Service.NewMember(), await Service.NewMember() };

            var results = await Task.WhenAll(members.Select(memberId => Service.Account(memberId).AdoptGuest(guestId)));

            var winner = Assert.Single(members, memberId => results[members.IndexOf(memberId)] is AdoptGuestResult.Adopted);
            Assert.Single(results, result => result is AdoptGuestResult.AdoptedByAnother);
            Assert.Equal(winner, (await Service.Account(guestId).Get(Ct))?.MergedInto);
            Assert.Equal(new CreditBalance(MemberGrant + GuestGrant, 0), await Service.Balance(winner));
        }
    }

    [Fact]
    public async Task Members_who_adopt_each_anothers_guests_at_once_do_not_stop_each_other()
    {
        var members = new[] { await Service.NewMember(), await Service.NewMember() };
        var guests = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Service.NewGuest()));

        await Task.WhenAll(guests.Select((guestId, i) => Service.Adopt(members[i % 2], guestId)));

        foreach (var memberId in members)
            Assert.Equal(new CreditBalance(MemberGrant + (5 * GuestGrant), 0), await Service.Balance(memberId));
    }

    [Fact]
    public async Task Every_acknowledged_reserve_is_a_hold_of_the_member()
    {
        await using var rival = await Service.StartRival();
        IGrainFactory[] clusters = [Service.Grains, rival.Client];
        for (var round = 0; round < 5; round++)
        {
            var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
            var reserves = Enumerable.Range(0, 20).Select(_ => NewReserve(1)).ToList();
            var acknowledged = 0;
            var someAcknowledged = new TaskCompletionSource();

            var calls = reserves.Select(async (reserve, i) =>
            {
                var result = await AccountExtensions.Persist(() => clusters[i % 2].GetGrain<IUserCreditGrain>(guestId).Reserve(reserve));
                if (Interlocked.Increment(ref acknowledged) == 3)
                    someAcknowledged.SetResult();
                return (reserve.HoldId, result);
            }).ToList();
            await someAcknowledged.Task;
            await Service.Adopt(memberId, guestId);
            var answers = await Task.WhenAll(calls);

            var held = answers.Where(answer => answer.result is CreditResult.Applied).Select(answer => answer.HoldId).Order();
            var holds = await Service.Value<Guid[]>(
                "select array_agg(hold_id order by hold_id) from credit_hold where account_id = $1 and state = 'open'", memberId);
            Assert.Equal(held, holds.Order());
            Assert.All(
                answers.Where(answer => answer.result is not CreditResult.Applied),
                answer => Assert.Equal(new CreditResult.AccountMoved(memberId), answer.result));
            Assert.Equal(new CreditBalance(MemberGrant + GuestGrant - holds.Length, holds.Length), await Service.Balance(memberId));
            Assert.Equal(new CreditBalance(0, 0), await Service.Balance(guestId));
        }
    }

    [Theory]
    [InlineData("guest")]
    [InlineData("member")]
    public async Task A_reserve_during_the_adoption_is_decided_after_it(string kind)
    {
        var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
        Assert.IsType<CreditResult.Applied>(await Service.Credits(guestId).Reserve(NewReserve(1)));
        await using var hold = await HeldRow.Take(Service, "select from credit_hold where account_id = $1 for update", guestId);
        var adoption = Service.Adopt(memberId, guestId);
        await hold.Blocks(adoption);
        var reserve = Service.Credits(kind == "guest" ? guestId : memberId).Reserve(NewReserve(GuestGrant - 1));
        await hold.Blocks(adoption, reserve);

        await hold.Release();
        await adoption;

        if (kind == "guest")
            Assert.Equal(new CreditResult.AccountMoved(memberId), await reserve);
        else
            Assert.Equal(MemberGrant, Assert.IsType<CreditResult.Applied>(await reserve).Entry.AvailableAfter);
    }

    [Fact]
    public async Task Every_upload_that_began_at_the_same_time_is_the_members_or_was_refused()
    {
        for (var round = 0; round < 20; round++)
        {
            var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
            var videos = Enumerable.Range(0, 3).Select(_ => Guid.CreateVersion7()).ToList();

            var uploads = videos.Select((videoId, i) =>
                Service.From(silo: i).GetGrain<IVideoGrain>(videoId).BeginUpload(new BeginUpload(guestId, "talk.mp4"))).ToList();
            await Service.Adopt(memberId, guestId);
            var results = await Task.WhenAll(uploads);

            Assert.All(results, result => Assert.True(result is BeginUploadResult.Begun or BeginUploadResult.AccountNotFound));
            Assert.Equal(videos.Where((_, i) => results[i] is BeginUploadResult.Begun).Order(), await Service.Videos(memberId));
            Assert.Equal(0, await Service.Belongings(guestId));
        }
    }

    [Fact]
    public async Task Every_job_that_was_submitted_at_the_same_time_is_the_members_or_was_refused()
    {
        for (var round = 0; round < 10; round++)
        {
            var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
            var videoId = await Service.ReadyVideo(guestId);
            var jobs = Enumerable.Range(0, 3).Select(_ => Guid.CreateVersion7()).ToList();
            var command = new SubmitJob(guestId, videoId, "en", Profile: null);

            var submissions = jobs.Select((jobId, i) => Service.From(silo: i).GetGrain<ICaptionJobGrain>(jobId).Submit(command)).ToList();
            await Service.Adopt(memberId, guestId);
            var results = await Task.WhenAll(submissions);

            Assert.Equal(jobs.Where((_, i) => results[i] is SubmitJobResult.Accepted).Order(), await Service.Jobs(memberId));
            Assert.Equal(0, await Service.Belongings(guestId));
            foreach (var jobId in await Service.Jobs(memberId))
                await Service.Job(jobId).Cancel(memberId);
        }
    }

    [Fact]
    public async Task An_upload_that_begins_before_the_adoption_is_moved_by_it()
    {
        var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
        var videoId = Guid.CreateVersion7();
        await using var sameId = await HeldRow.Take(
            Service,
            """
            insert into video (video_id, account_id, version, state, file_name, created_at, changed_at)
            values ($1, $2, 1, 'uploading', 'other.mp4', now(), now())
            """,
            videoId,
            memberId);
        var upload = Service.Video(videoId).BeginUpload(new BeginUpload(guestId, "talk.mp4"));
        await sameId.Blocks(upload);
        var adoption = Service.Adopt(memberId, guestId);
        await sameId.Blocks(upload, adoption);

        await sameId.Release();
        await adoption;

        Assert.IsType<BeginUploadResult.Begun>(await upload);
        Assert.Equal([videoId], await Service.Videos(memberId));
    }

    [Fact]
    public async Task An_upload_that_begins_during_the_adoption_is_refused_after_it()
    {
        var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
        await using var ledger = await HeldRow.Take(Service, "select from credit_account where account_id = $1 for update", guestId);
        var adoption = Service.Adopt(memberId, guestId);
        await ledger.Blocks(adoption);
        var upload = Service.Video(Guid.CreateVersion7()).BeginUpload(new BeginUpload(guestId, "talk.mp4"));
        await ledger.Blocks(adoption, upload);

        await ledger.Release();
        await adoption;

        Assert.IsType<BeginUploadResult.AccountNotFound>(await upload);
        Assert.Equal(0, await Service.Value<long>("select count(*) from video"));
    }

    [Fact]
    public async Task A_job_that_is_inserted_before_the_adoption_is_moved_by_it()
    {
        var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
        var videoId = await Service.ReadyVideo(guestId);
        var jobId = Guid.CreateVersion7();
        await using var sameId = await HeldRow.Take(
            Service,
            """
            insert into caption_job (job_id, account_id, video_id, version, state, stage, language, profile, request_hash, price,
                credit_state, duration_ms, has_work_files, deadline_at, created_at)
            values ($1, $2, $3, 1, 'queued', 'prepare', 'en', 'netflix-en', sha256(''), 1, 'held', 1, false, now(), now())
            """,
            jobId,
            memberId,
            videoId);
        var submission = Service.Job(jobId).Submit(new SubmitJob(guestId, videoId, "en", Profile: null));
        await sameId.Blocks(submission);
        var adoption = Service.Adopt(memberId, guestId);
        await sameId.Blocks(submission, adoption);

        await sameId.Release();
        await adoption;

        Assert.IsType<SubmitJobResult.Accepted>(await submission);
        Assert.Equal([jobId], await Service.Jobs(memberId));
        Assert.Equal(0, await Service.Belongings(guestId));
    }

    [Fact]
    public async Task A_job_that_is_submitted_during_the_adoption_is_refused_after_it()
    {
        var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
        var videoId = await Service.ReadyVideo(guestId);
        await using var probe = await HeldRow.Take(Service, "select from task where video_id = $1 for update", videoId);
        var adoption = Service.Adopt(memberId, guestId);
        await probe.Blocks(adoption);
        var submission = Service.Job(Guid.CreateVersion7()).Submit(new SubmitJob(guestId, videoId, "en", Profile: null));
        await probe.Blocks(adoption, submission);

        await probe.Release();
        await adoption;

        Assert.IsType<SubmitJobResult.AccountClosed>(await submission);
        Assert.Equal(0, await Service.Value<long>("select count(*) from caption_job"));
        Assert.Equal(new CreditBalance(MemberGrant + GuestGrant - 1, 1), await Service.Balance(memberId)); // until its hold's time is over
    }

    [Fact]
    public async Task A_job_that_succeeds_at_the_same_time_is_paid_once()
    {
        for (var round = 0; round < 10; round++)
        {
            var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
            var job = await Service.SubmitJob(guestId, await Service.ReadyVideo(guestId));
            var prepare = await Worker.Claim();
            await Worker.Start(prepare);
            await Worker.CompletePrepare(prepare, chunks: 0);
            var compose = await Worker.Claim();

            await Task.WhenAll(Worker.CompleteCompose(compose), Service.Adopt(memberId, guestId));
            Service.Clock.Advance(TimeSpan.FromSeconds(11));
            await Service.Sweep<UndeliveredJobSweep>();

            Assert.Equal("settled", await Service.Value<string>("select credit_state from caption_job where job_id = $1", job.JobId));
            Assert.Equal(new CreditBalance(MemberGrant + GuestGrant - job.Price, 0), await Service.Balance(memberId));
        }
    }

    [Fact]
    public async Task Tasks_that_a_running_job_queues_meanwhile_are_the_members_too()
    {
        var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
        var job = await Service.SubmitJob(guestId, await Service.ReadyVideo(guestId));
        var prepare = await Worker.Claim();
        await Worker.Start(prepare);
        await using var row = await HeldRow.Take(Service, "select from caption_job where job_id = $1 for update", job.JobId);
        var report = Worker.CompletePrepare(prepare, chunks: 3);
        await row.Blocks(report);
        var adoption = Service.Adopt(memberId, guestId);
        await row.Blocks(report, adoption);

        await row.Release();
        await adoption;

        Assert.Equal(TaskVerdict.Accepted, await report);
        Assert.Equal(3, await Service.Value<long>("select count(*) from task where account_id = $1 and kind = 'transcribe'", memberId));
        Assert.Equal(0, await Service.Belongings(guestId));
    }

    private ReserveCredits NewReserve(long amount) => new(
        Guid.CreateVersion7(), Guid.CreateVersion7(), amount, Service.Clock.GetUtcNow().AddDays(1), "A test.");
}
