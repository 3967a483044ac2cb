using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Credits;
using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Accounts;

[Collection<CreditCluster>]
public sealed class AdoptingAGuest(ServiceFixture service) : ClusterScenario(service)
{
    private const long GuestGrant = CustomerExtensions.GuestGrant;
    private const long MemberGrant = AccountExtensions.MemberGrant;

    private HandWorker Worker => new(Service);

    private DateTimeOffset Tomorrow => Service.Clock.GetUtcNow().AddDays(1);

    [Fact]
    public async Task Videos_jobs_holds_and_credits_are_the_members_and_the_guest_is_closed()
    {
        var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
        var ready = await Service.ReadyVideo(guestId);
        var ended = await Service.SubmitJob(guestId, ready);
        await Service.Job(ended.JobId).Cancel(guestId);
        var live = await Service.SubmitJob(guestId, ready);
        var probing = await Service.Upload(guestId);
        await Service.Execute(
            """
            insert into job_quote (quote_id, account_id, video_id, language, profile, price, expires_at)
            values (gen_random_uuid(), $1, $2, 'en', 'netflix-en', 1, now())
            """,
            guestId,
            ready);

        await Service.Adopt(memberId, guestId);

        Assert.Equal(new[] { ready, probing }.Order(), await Service.Videos(memberId));
        Assert.Equal(new[] { ended.JobId, live.JobId }.Order(), await Service.Jobs(memberId));
        Assert.Equal(4, await Service.Value<long>("select count(*) from task where account_id = $1", memberId));
        Assert.Equal(0, await Service.Belongings(guestId));
        Assert.Equal(new CreditBalance(MemberGrant + GuestGrant - 1, 1), await Service.Balance(memberId));
        Assert.Equal(new CreditBalance(0, 0), await Service.Balance(guestId));
        Assert.Equal(memberId, (await Service.Account(guestId).Get(Ct))?.MergedInto);
    }

    [Fact]
    public async Task Both_ledgers_say_what_went_where()
    {
        var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
        var (first, second) = (await Reserve(guestId, 5), await Reserve(guestId, 7));
        Service.Clock.Advance(TimeSpan.FromHours(1));

        await Service.Adopt(memberId, guestId);

        var left = (await Service.Ledger(guestId))[3..];
        var came = (await Service.Ledger(memberId))[1..];
        Assert.All(left, entry => Assert.Equal((CreditEntryKind.TransferOut, Service.Clock.GetUtcNow()), (entry.Kind, entry.At)));
        Assert.All(came, entry => Assert.Equal((CreditEntryKind.TransferIn, Service.Clock.GetUtcNow()), (entry.Kind, entry.At)));
        Assert.Equal(
            new HashSet<(Guid?, long)> { (first, 5), (second, 7), (null, 18) }, [.. left.Select(entry => (entry.HoldId, entry.Amount))]);
        Assert.Equal(left.Select(entry => (entry.HoldId, entry.Amount)), came.Select(entry => (entry.HoldId, entry.Amount)));
        Assert.Equal((0, 0), (left[^1].AvailableAfter, left[^1].ReservedAfter));
        Assert.Equal((MemberGrant + 18, 12), (came[^1].AvailableAfter, came[^1].ReservedAfter));
        Assert.All(left, entry => Assert.Equal(memberId, entry.OtherAccountId));
        Assert.All(came, entry => Assert.Equal(guestId, entry.OtherAccountId));
    }

    [Fact]
    public async Task A_guest_who_has_nothing_left_is_closed_with_an_entry_over_nothing()
    {
        var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
        await Spend(guestId, GuestGrant);

        await Service.Adopt(memberId, guestId);

        var (left, came) = ((await Service.Ledger(guestId))[^1], (await Service.Ledger(memberId))[^1]);
        Assert.Equal((CreditEntryKind.TransferOut, 0), (left.Kind, left.Amount));
        Assert.Equal((CreditEntryKind.TransferIn, 0), (came.Kind, came.Amount));
    }

    [Fact]
    public async Task Holds_end_at_the_member_as_they_would_have_at_the_guest()
    {
        var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
        var (settled, released, expired) = (await Reserve(guestId, 5), await Reserve(guestId, 7), await Reserve(guestId, 11));
        await Service.Adopt(memberId, guestId);
        var credits = Service.Credits(memberId);

        Assert.IsType<CreditResult.Applied>(await credits.Settle(new SettleHold(Guid.CreateVersion7(), settled, 4, "A test.")));
        Assert.IsType<CreditResult.Applied>(await credits.Release(new ReleaseHold(Guid.CreateVersion7(), released, "A test.")));
        Service.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, await Service.Sweep<DueCreditSweep>());

        Assert.Equal(new CreditBalance(MemberGrant + GuestGrant - 4, 0), await Service.Balance(memberId));
        Assert.Equal("expired", await Service.Value<string>("select state from credit_hold where hold_id = $1", expired));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(10)]
    public async Task A_grant_that_lapses_moves_with_what_is_left_of_it_and_what_is_held_of_it_returns_to_it(long held)
    {
        var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
        var grant = new GrantCredits(
            Guid.CreateVersion7(), 10, "A test.", GrantSource.Promotion, ExpiresAt: Service.Clock.GetUtcNow().AddDays(2));
        await Service.Credits(guestId).Grant(grant);
        var hold = held == 0 ? Guid.Empty : await Reserve(guestId, held);

        await Service.Adopt(memberId, guestId);

        Assert.Equal(10 - held, await LapsingOf(memberId, grant));
        Assert.Empty((await Service.Credits(guestId).GetOverview(Ct)).ExpiringGrants);
        if (held > 0)
            await Service.Credits(memberId).Release(new ReleaseHold(Guid.CreateVersion7(), hold, "A test."));
        Assert.Equal(10, await LapsingOf(memberId, grant));
        Service.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, await Service.Sweep<DueCreditSweep>());
        Assert.Equal(new CreditBalance(MemberGrant + GuestGrant, 0), await Service.Balance(memberId));
    }

    [Fact]
    public async Task What_a_guest_spent_is_refunded_to_the_member()
    {
        var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
        var hold = await Spend(guestId, 5);
        await Service.Adopt(memberId, guestId);
        var refund = new RefundCredits(Guid.CreateVersion7(), hold, Amount: null, "A test.", Actor: "operator");

        Assert.IsType<CreditResult.Applied>(await Service.Credits(memberId).Refund(refund));

        Assert.Equal(new CreditResult.AccountMoved(memberId), await Service.Credits(guestId).Refund(refund));
        Assert.Equal(new CreditBalance(MemberGrant + GuestGrant, 0), await Service.Balance(memberId));
    }

    [Fact]
    public async Task A_hold_whose_time_is_over_moves_and_returns_at_the_member()
    {
        var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
        var hold = await Reserve(guestId, GuestGrant);
        Service.Clock.Advance(TimeSpan.FromDays(1));

        await Service.Adopt(memberId, guestId);

        Assert.IsType<CreditResult.Applied>(await Service.Credits(memberId).Reserve(
            new ReserveCredits(Guid.CreateVersion7(), Guid.CreateVersion7(), MemberGrant + GuestGrant, Tomorrow, "All of it.")));
        Assert.Single(await Service.Ledger(memberId), entry => entry.Kind == CreditEntryKind.Expire && entry.HoldId == hold);
    }

    [Fact]
    public async Task Credits_that_both_accounts_have_in_memory_are_seen_to_be_stale()
    {
        var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
        await using var rival = await Service.StartRival();
        await Reserve(guestId, 1);
        await Reserve(memberId, 1);

        Assert.IsType<AdoptGuestResult.Adopted>(await rival.Client.GetGrain<IAccountGrain>(memberId).AdoptGuest(guestId));

        Assert.Equal(new CreditResult.AccountMoved(memberId), await TryReserve(guestId, 1));
        Assert.IsType<CreditResult.Applied>(await TryReserve(memberId, MemberGrant + GuestGrant - 2));
        Assert.IsNotType<CreditResult.Applied>(await TryReserve(memberId, 1));
    }

    [Fact]
    public async Task A_live_job_goes_on_and_is_paid_with_the_members_credits()
    {
        var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
        var job = await Service.SubmitJob(guestId, await Service.ReadyVideo(guestId));
        var prepare = await Worker.Claim();
        await Worker.Start(prepare);

        await Service.Adopt(memberId, guestId);

        await Worker.CompletePrepare(prepare, chunks: 1);
        await Worker.CompleteTranscribe(await Worker.Claim());
        await Worker.CompleteCompose(await Worker.Claim());
        Assert.IsType<JobResult.NotFound>(await Service.Job(job.JobId).Get(guestId, Ct));
        Assert.Equal(JobState.Succeeded, (await Service.Get(job with { AccountId = memberId })).State);
        Assert.Equal(new CreditBalance(MemberGrant + GuestGrant - job.Price, 0), await Service.Balance(memberId));
        Assert.Equal("settled", await Service.Value<string>("select credit_state from caption_job where job_id = $1", job.JobId));
        Assert.Equal(0, await Service.Belongings(guestId));
    }

    [Theory]
    [InlineData("settled", "settle_owed")]
    [InlineData("released", "release_owed")]
    public async Task A_credit_operation_that_the_guest_made_and_whose_acknowledgement_was_lost_still_counts(string delivered, string owed)
    {
        var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
        var job = await Service.SubmitJob(guestId, await Service.ReadyVideo(guestId));
        if (delivered == "settled")
        {
            var prepare = await Worker.Claim();
            await Worker.Start(prepare);
            await Worker.CompletePrepare(prepare, chunks: 0);
            await Worker.CompleteCompose(await Worker.Claim());
        }
        else
        {
            await Service.Job(job.JobId).Cancel(guestId);
        }

        await Service.Execute("update caption_job set credit_state = $2 where job_id = $1", job.JobId, owed);
        await Service.Adopt(memberId, guestId);
        var ledger = await Service.Ledger(memberId);
        Service.Clock.Advance(TimeSpan.FromSeconds(11));

        await Service.Sweep<UndeliveredJobSweep>();

        Assert.Equal(delivered, await Service.Value<string>("select credit_state from caption_job where job_id = $1", job.JobId));
        Assert.Equal(ledger, await Service.Ledger(memberId));
    }

    [Fact]
    public async Task A_live_job_that_the_member_cancels_returns_its_credits_to_the_member()
    {
        var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
        var job = await Service.SubmitJob(guestId, await Service.ReadyVideo(guestId));

        await Service.Adopt(memberId, guestId);

        Assert.IsType<CancelJobResult.NotFound>(await Service.Job(job.JobId).Cancel(guestId));
        Assert.IsType<CancelJobResult.Canceled>(await Service.Job(job.JobId).Cancel(memberId));
        Assert.Equal(new CreditBalance(MemberGrant + GuestGrant, 0), await Service.Balance(memberId));
    }

    [Fact]
    public async Task Asked_again_it_answers_the_same_and_changes_nothing()
    {
        var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
        await Service.Adopt(memberId, guestId);
        var ledger = await Service.Ledger(memberId);

        Assert.Equal(new AdoptGuestResult.Adopted(Replayed: true), await Service.Account(memberId).AdoptGuest(guestId));

        Assert.Equal(ledger, await Service.Ledger(memberId));
    }

    [Fact]
    public async Task Two_guests_of_one_member_bring_what_each_has()
    {
        var memberId = await Service.NewMember();
        var (first, second) = (await Service.NewGuest(), await Service.NewGuest());

        await Service.Adopt(memberId, first);
        await Service.Adopt(memberId, second);

        Assert.Equal(new CreditBalance(MemberGrant + (2 * GuestGrant), 0), await Service.Balance(memberId));
    }

    [Fact]
    public async Task Who_is_not_a_guest_is_not_found()
    {
        var (memberId, otherId) = (await Service.NewMember(), await Service.NewMember());
        var member = Service.Account(memberId);

        Assert.IsType<AdoptGuestResult.GuestNotFound>(await member.AdoptGuest(Guid.CreateVersion7()));
        Assert.IsType<AdoptGuestResult.GuestNotFound>(await member.AdoptGuest(otherId));
        Assert.IsType<AdoptGuestResult.GuestNotFound>(await member.AdoptGuest(memberId));
        Assert.Equal(new CreditBalance(MemberGrant, 0), await Service.Balance(otherId));
    }

    [Fact]
    public async Task Only_a_member_adopts()
    {
        var (guestId, otherId) = (await Service.NewGuest(), await Service.NewGuest());

        Assert.IsType<AdoptGuestResult.NotAMember>(await Service.Account(otherId).AdoptGuest(guestId));
        Assert.IsType<AdoptGuestResult.NotAMember>(await Service.Account(guestId).AdoptGuest(guestId));
        Assert.IsType<AdoptGuestResult.NotAMember>(await Service.Account(Guid.CreateVersion7()).AdoptGuest(guestId));
        Assert.Equal(new CreditBalance(GuestGrant, 0), await Service.Balance(guestId));
    }

    [Fact]
    public async Task A_member_who_could_not_carry_the_credits_gets_none_of_it()
    {
        var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
        var videoId = await Service.ReadyVideo(guestId);
        await Service.Credits(memberId).Grant(
            new GrantCredits(Guid.CreateVersion7(), CreditAccount.MaximumCredits - MemberGrant - GuestGrant + 1, "Very rich."));

        await Assert.ThrowsAsync<InvalidOperationException>(() => Service.Account(memberId).AdoptGuest(guestId));

        Assert.Equal([videoId], await Service.Videos(guestId));
        Assert.Equal(new CreditBalance(GuestGrant, 0), await Service.Balance(guestId));
        await Spend(memberId, 1);
        await Service.Adopt(memberId, guestId);
        Assert.Equal(CreditAccount.MaximumCredits, (await Service.Balance(memberId)).Available);
    }

    [Fact]
    public async Task A_closed_guest_is_welcomed_with_nothing_and_begins_no_upload()
    {
        var (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
        var videoId = await Service.Upload(guestId);
        await Service.Adopt(memberId, guestId);

        Assert.Equal(new CreditBalance(0, 0), (await Service.Account(guestId).CreateGuest()).Credits);
        Assert.IsType<BeginUploadResult.AccountNotFound>(
            await Service.Video(Guid.CreateVersion7()).BeginUpload(new BeginUpload(guestId, "talk.mp4")));
        Assert.IsType<BeginUploadResult.AccountNotFound>(await Service.Video(videoId).BeginUpload(new BeginUpload(guestId, "talk.mp4")));
        Assert.IsType<SubmitJobResult.VideoNotFound>(
            await Service.Job(Guid.CreateVersion7()).Submit(new SubmitJob(guestId, videoId, "en", Profile: null)));
        Assert.Equal(0, await Service.Belongings(guestId));
    }

    private async Task<Guid> Reserve(Guid accountId, long amount) =>
        Assert.IsType<CreditResult.Applied>(await TryReserve(accountId, amount)).Hold!.HoldId;

    private Task<CreditResult> TryReserve(Guid accountId, long amount) => Service.Credits(accountId).Reserve(
        new ReserveCredits(Guid.CreateVersion7(), Guid.CreateVersion7(), amount, Tomorrow, "A test."));

    private async Task<Guid> Spend(Guid accountId, long amount)
    {
        var hold = await Reserve(accountId, amount);
        var settle = new SettleHold(Guid.CreateVersion7(), hold, amount, "A test.");
        Assert.IsType<CreditResult.Applied>(await Service.Credits(accountId).Settle(settle));
        return hold;
    }

    private async Task<long> LapsingOf(Guid accountId, GrantCredits grant) =>
        (await Service.Credits(accountId).GetOverview(Ct)).ExpiringGrants
            .Where(left => left.GrantId == grant.OpId).Sum(left => left.Remaining);
}
