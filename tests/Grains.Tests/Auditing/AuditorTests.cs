using System.Diagnostics.Metrics;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Auditing;
using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Tests.Cluster;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Tests.Auditing;

/// <summary>Each rule is broken by hand, as no grain would, in a book that holds one succeeded job and one that is being worked on.</summary>
[Collection<MediaCluster>]
public sealed class AuditorTests(ServiceFixture service) : IAsyncLifetime
{
    private const string NewSession = """
        insert into session
            (session_id, account_id, family_hash, token_hash, rotated_at, created_at, idle_expires_at, expires_at, address)
        values (gen_random_uuid(), $1, sha256(''), sha256(''), now(), now(), now(), now(), '192.0.2.10')
        """;

    private const string NewMember = """
        insert into member (account_id, email, email_key, language, password_hash, password_changed_at, role, changed_at)
        values ($1, 'ada@example.com', 'key', 'en', repeat('x', 60), now(), 'user', now())
        """;

    private JobSnapshot succeeded = null!;
    private JobSnapshot live = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await service.Clear();
        var accountId = await service.NewGuest();
        var videoId = await service.ReadyVideo(accountId);
        var worker = new HandWorker(service);
        succeeded = await service.SubmitJob(accountId, videoId);
        await Prepare(worker);
        await worker.CompleteTranscribe(await worker.Claim());
        await worker.CompleteCompose(await worker.Claim());
        succeeded = await service.Get(succeeded);
        live = await service.SubmitJob(accountId, videoId);
        await Prepare(worker);
        await worker.Claim();
    }

    public async ValueTask DisposeAsync() => await service.Clear();

    [Fact]
    public async Task Audit_NothingBroken_FindsNothing() => Assert.Empty(await service.Audit());

    [Fact]
    public Task Audit_EntryMissing_LedgerHasAGap() =>
        Breaks("delete from credit_entry where kind = 'reserve' and hold_id = $1", live.JobId, "ledger_without_gap");

    [Fact]
    public Task Audit_SequenceAheadOfTheEntries_LedgerHasAGap() =>
        Breaks("update credit_account set seq = seq + 1 where account_id = $1", live.AccountId, "ledger_without_gap");

    [Fact]
    public Task Audit_BalanceOtherThanTheLastEntry_IsFound() =>
        Breaks("update credit_account set available = available + 1 where account_id = $1", live.AccountId, "ledger_ends_at_balance");

    [Fact]
    public Task Audit_EntryThatDoesNotFollowFromTheOneBefore_IsFound() =>
        Breaks("update credit_entry set amount = amount - 1 where kind = 'settle' and hold_id = $1", succeeded.JobId, "ledger_adds_up");

    [Fact]
    public Task Audit_ReservedOtherThanTheOpenHolds_IsFound() =>
        Breaks("update credit_hold set amount = amount + 1 where hold_id = $1", live.JobId, "reserved_is_open_holds");

    [Fact]
    public Task Audit_HoldEndedWithoutItsEntry_IsFound() =>
        Breaks("update credit_hold set state = 'open' where hold_id = $1", succeeded.JobId, "hold_ends_once", "reserved_is_open_holds", "job_credit_matches_ledger");

    [Fact]
    public Task Audit_EntryOfNoAccount_IsFound() =>
        Breaks("update credit_entry set account_id = gen_random_uuid() where kind = 'grant' and account_id = $1", live.AccountId,
            "ledger_has_account", "ledger_without_gap");

    [Fact]
    public Task Audit_HoldThatIsGone_IsFound() =>
        Breaks("delete from credit_hold where hold_id = $1", live.JobId, "entry_has_hold", "reserved_is_open_holds", "job_credit_matches_ledger");

    [Fact]
    public Task Audit_MoreRefundedThanSettled_IsFound() =>
        Breaks(
            """
            with more as (update credit_account set seq = seq + 1, available = available + 2 where account_id = (select account_id from credit_hold where hold_id = $1) returning *)
            insert into credit_entry (account_id, seq, op_id, kind, hold_id, amount, available_after, reserved_after, request_hash, reason, at)
            select account_id, seq, gen_random_uuid(), 'refund', $1, 2, available, reserved, sha256(''), 'Too much.', now() from more
            """,
            succeeded.JobId,
            "refunds_within_settlement");

    [Fact]
    public Task Audit_MoreLapsingThanAvailable_IsFound() =>
        Breaks("insert into credit_grant select $1, gen_random_uuid(), 31, true, now()", live.AccountId, "lapsing_is_available");

    [Fact]
    public Task Audit_TransferWithoutItsOtherSide_IsFound() =>
        Breaks(
            """
            with less as (update credit_account set seq = seq + 1, available = available - 2 where account_id = $1 returning *)
            insert into credit_entry (account_id, seq, op_id, kind, amount, available_after, reserved_after, request_hash, reason, at, other_account_id)
            select account_id, seq, gen_random_uuid(), 'transfer_out', 2, available, reserved, sha256(''), 'Gone.', now(), gen_random_uuid() from less
            """,
            live.AccountId,
            "transfer_has_two_sides");

    [Fact]
    public Task Audit_ClosedGuestThatStillHasCredits_IsFound() =>
        Breaks("update account set merged_into = account_id where account_id = $1", live.AccountId, "closed_guest_is_empty");

    [Fact]
    public Task Audit_ClosedAccountThatIsStillSignedInTo_IsFound() =>
        Breaks($"with closed as (update account set closed_at = now() where account_id = $1) {NewSession}", live.AccountId, "closed_account_is_nobodys");

    [Fact]
    public Task Audit_ClosedAccountThatALinkLeadsTo_IsFound() =>
        Breaks(
            """
            with closed as (update account set closed_at = now() where account_id = $1)
            insert into account_link (link_hash, purpose, account_id, created_at, expires_at)
            values (sha256(''), 'reset_password', $1, now(), now())
            """,
            live.AccountId,
            "closed_account_is_nobodys");

    [Fact]
    public Task Audit_ClosedAccountThatStillHasAName_IsFound() =>
        Breaks(
            $"""
            with closed as (insert into account (account_id, kind, created_at, closed_at) values ($1, 'member', now(), now())),
                 credits as (insert into credit_account (account_id) values ($1))
            {NewMember}
            """,
            Guid.CreateVersion7(),
            "closed_account_is_nobodys");

    [Fact]
    public Task Audit_MergedGuestThatIsStillSignedIn_IsFound() =>
        Breaks($"with merged as (update account set merged_into = account_id where account_id = $1) {NewSession}", live.AccountId,
            "merged_guest_is_signed_out", "closed_guest_is_empty");

    [Fact]
    public Task Audit_PurgedAccountThatStillHasVideosAndJobs_IsFound() =>
        Breaks("update account set closed_at = now(), purged_at = now() where account_id = $1", live.AccountId, "purged_account_is_empty");

    [Fact]
    public Task Audit_MemberWithTheAccountOfAGuest_IsFound() => Breaks(NewMember, live.AccountId, "member_has_member_account");

    [Fact]
    public async Task AuditLedgers_OfOneAccount_FindsWhatIsBrokenThereAndNothingElse()
    {
        var other = await service.NewGuest();
        Assert.Equal(1, await service.Execute("update credit_account set available = available + 1 where account_id = $1", live.AccountId));

        var auditor = service.Service<Auditor>();
        Assert.Equal(["ledger_ends_at_balance"], (await auditor.AuditLedgers([live.AccountId], depth: 1, Ct)).Select(violation => violation.Rule));
        Assert.Empty(await auditor.AuditLedgers([other], depth: 1, Ct));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public async Task AuditLedgers_NothingBroken_FindsNothingAtAnyDepth(long depth) =>
        Assert.Empty(await service.Service<Auditor>().AuditLedgers([live.AccountId], depth, Ct));

    [Fact]
    public async Task AuditLedgers_EntryOfNoAccount_IsFoundAmongThoseThatWereAskedFor()
    {
        var (nobody, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await service.Execute("update credit_entry set account_id = $1 where kind = 'grant' and account_id = $2", nobody, live.AccountId);

        var found = await service.Service<Auditor>().AuditLedgers([nobody, other], depth: 1, Ct);

        Assert.Equal([("ledger_has_account", $"{nobody}")], found.Select(violation => (violation.Rule, violation.Subject)));
    }

    [Fact]
    public async Task Watch_MoreAccountsThanItAuditsAtOnce_AuditsThemAll()
    {
        var accounts = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => service.NewGuest()));
        await service.Execute("update credit_account set reserved = reserved + 1 where account_id = any($1)", accounts);
        var options = Options.Create(new AuditOptions { AccountsPerRound = 1 });
        var changed = new ChangedAccounts(options);
        changed.Add(accounts);
        using var watch = new LedgerWatch(
            service.Service<Auditor>(), changed, options, service.Service<IMeterFactory>(), service.Clock, NullLogger<LedgerWatch>.Instance);

        var found = await watch.Round(Ct);

        Assert.Equal(accounts.Order(), found.Select(violation => Guid.Parse(violation.Subject)).Distinct().Order());
    }

    [Fact]
    public async Task Watch_AuditBrokenOff_LeavesTheAccountsForTheNextRound()
    {
        var options = Options.Create(new AuditOptions { AccountsPerRound = 1 });
        var changed = new ChangedAccounts(options);
        changed.Add([live.AccountId, succeeded.AccountId, Guid.CreateVersion7()]);
        var due = changed.Take();
        changed.Add(due);
        using var watch = new LedgerWatch(
            service.Service<Auditor>(), changed, options, service.Service<IMeterFactory>(), service.Clock, NullLogger<LedgerWatch>.Instance);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch.Round(new CancellationToken(canceled: true)));

        Assert.Equal(due.Order(), changed.Take().Order());
    }

    [Fact]
    public async Task Watch_AuditsWhatWasWrittenSinceItsLastRound()
    {
        var watch = service.Service<LedgerWatch>();
        await watch.Round(Ct);
        var accounts = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => service.NewGuest()));
        await service.Execute("update credit_account set reserved = reserved + 1 where account_id = any($1)", accounts);

        // Each silo audits what it wrote itself; with so many accounts on two silos this one has some.
        var found = await watch.Round(Ct);

        Assert.NotEmpty(found);
        Assert.All(found, violation => Assert.Contains(Guid.Parse(violation.Subject), accounts));
        Assert.Equal(["ledger_ends_at_balance", "reserved_is_open_holds"], found.Select(violation => violation.Rule).Distinct().Order());
        Assert.Empty(await watch.Round(Ct));
    }

    [Fact]
    public Task Audit_HoldEndedInAnotherWayThanItsEntry_IsFound() =>
        Breaks("update credit_hold set state = 'released' where hold_id = $1", succeeded.JobId, "hold_ends_once", "job_credit_matches_ledger");

    [Fact]
    public Task Audit_LiveJobWithoutAnOpenHold_IsFound() =>
        Breaks("update credit_hold set state = 'expired' where hold_id = $1", live.JobId, "job_credit_matches_ledger", "hold_ends_once", "reserved_is_open_holds");

    [Fact]
    public Task Audit_JobWhoseHoldLapsed_IsFound() =>
        Breaks("update caption_job set credit_state = 'lapsed' where job_id = $1", succeeded.JobId, "job_credit_matches_ledger");

    [Fact]
    public Task Audit_LiveJobWithoutATask_IsFound() =>
        Breaks("delete from task where job_id = $1 and state = 'claimed'", live.JobId, "job_is_alive");

    [Fact]
    public Task Audit_LeaseThatRanOutLongAgo_IsFound() =>
        Breaks("update task set lease_expires_at = now() - interval '2 minutes' where job_id = $1 and state = 'claimed'", live.JobId, "lease_is_alive");

    [Fact]
    public Task Audit_TaskOfAnEndedJobStillQueued_IsFound() =>
        Breaks("update task set state = 'queued', ended_at = null where job_id = $1 and kind = 'compose'", succeeded.JobId, "ended_job_has_no_task");

    [Fact]
    public Task Audit_ChunkCountedButNotDone_IsFound() =>
        Breaks("delete from task where job_id = $1 and kind = 'transcribe'", succeeded.JobId, "chunk_accepted_once");

    [Fact]
    public Task Audit_SuccessWithFewerChunksThanPlanned_IsFound() =>
        Breaks("update caption_job set chunks_total = 2 where job_id = $1", succeeded.JobId, "chunk_accepted_once");

    [Fact]
    public Task Audit_TaskDoneThatNobodyClaimed_IsFound() =>
        Breaks("update task set attempt = 0 where job_id = $1 and kind = 'prepare'", succeeded.JobId, "done_task_has_attempt");

    [Theory]
    [InlineData("lost-and-found")]
    [InlineData("incoming/01920000-0000-7000-8000-000000000000")]
    [InlineData("videos/01920000-0000-7000-8000-000000000000/source")]
    [InlineData("jobs/01920000-0000-7000-8000-000000000000/work/x/audio.pcm")]
    [InlineData("jobs/01920000-0000-7000-8000-000000000000/output/x/captions.srt")]
    public async Task Audit_ObjectOfNobody_IsFound(string key)
    {
        await service.Put(key);

        await AssertBroken("object_has_owner");
    }

    [Fact]
    public async Task Audit_WorkingFileOfAnEndedJob_IsFound()
    {
        await service.Put($"{JobKeys.WorkPrefix(succeeded.JobId)}x/audio.pcm");

        await AssertBroken("object_has_owner");
    }

    [Fact]
    public async Task Audit_CaptionsThatAreGone_AreFound()
    {
        await service.Objects.Delete($"{succeeded.OutputPrefix}captions.srt", TestContext.Current.CancellationToken);

        await AssertBroken("row_has_object");
    }

    [Fact]
    public async Task Audit_VideoThatIsGone_IsFound()
    {
        await service.Objects.Delete($"videos/{live.VideoId}/source", TestContext.Current.CancellationToken);

        await AssertBroken("row_has_object");
    }

    [Fact]
    public async Task Audit_VideoThatIsThereLongAfterItsTime_IsFound_UnlessAJobOfItLives()
    {
        await service.Execute("update video set expires_at = $1", service.Clock.GetUtcNow().AddDays(-1).AddMilliseconds(-1));
        Assert.Empty(await service.Audit());
        await service.Job(live.JobId).Cancel(live.AccountId);

        await AssertBroken("expired_video_is_deleted");
        await service.Execute("update video set expires_at = $1", service.Clock.GetUtcNow().AddDays(-1));
        Assert.Empty(await service.Audit());
        await service.Execute("update video set expires_at = $1, pinned = true", service.Clock.GetUtcNow().AddDays(-2));
        Assert.Empty(await service.Audit());
    }

    [Fact]
    public async Task Audit_DeletedVideoWithoutAReceipt_IsFound()
    {
        await service.Video(live.VideoId).DeleteByOwner(live.AccountId);
        Assert.Empty(await service.Audit());

        await Breaks("delete from deletion_receipt where video_id = $1", live.VideoId, "deleted_video_has_receipt");
    }

    [Fact]
    public Task Audit_ReceiptOfAVideoThatIsThere_IsFound() =>
        Breaks(
            """
            insert into deletion_receipt (video_id, account_id, reason, jobs, requested_at, completed_at)
            select video_id, account_id, 'owner', '{}', now(), null from video where video_id = $1
            """,
            live.VideoId,
            "receipt_is_of_deleted_video");

    [Fact]
    public async Task Audit_DeletionThatIsNotCompletedForOverADay_IsFound()
    {
        await service.Video(live.VideoId).DeleteByOwner(live.AccountId);
        service.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Empty(await service.Audit());
        service.Clock.Advance(TimeSpan.FromMilliseconds(1));

        await AssertBroken("deletion_is_completed");
    }

    [Fact]
    public async Task Audit_RowOfAnObjectThatACompletedDeletionLeft_IsFound()
    {
        await service.Video(live.VideoId).DeleteByOwner(live.AccountId);
        await service.Execute("update deletion_receipt set completed_at = requested_at");

        await Breaks(
            "insert into stored_object (object_key, video_id, length, sha256, created_at) values ('videos/left', $1, 1, sha256(''), now())",
            live.VideoId,
            "completed_deletion_left_nothing");
    }

    [Fact]
    public Task Audit_ReadyVideoWithoutTheRowOfItsSource_IsFound() =>
        Breaks("delete from stored_object where video_id = $1 and job_id is null", live.VideoId, "ready_video_has_stored_object");

    [Fact]
    public async Task Audit_EventThatWaitsForOverTwoDays_IsFound()
    {
        await service.Execute(
            """
            with endpoint as (
                insert into webhook_endpoint (endpoint_id, account_id, url, events, secret, created_at)
                values (gen_random_uuid(), $1, 'https://hooks.example.com/', '{job.started}', sha256(''), now()) returning endpoint_id)
            insert into webhook_delivery (endpoint_id, event_id, type, payload, state, created_at, tried_from, next_attempt_at)
            select endpoint_id, gen_random_uuid(), 'ping', '{}', 'pending', now(), now(), now() from endpoint
            """,
            live.AccountId);
        // By the database's clock: the business clock may say what it will.
        service.Clock.Advance(TimeSpan.FromDays(3));
        await service.Execute("update webhook_delivery set tried_from = now() - interval '2 days' + interval '10 minutes'");
        Assert.DoesNotContain(await service.Audit(), violation => violation.Rule == "webhook_event_has_ended");
        await service.Execute("update webhook_delivery set tried_from = now() - interval '2 days' - interval '1 microsecond'");

        Assert.Contains(await service.Audit(), violation => violation.Rule == "webhook_event_has_ended");
    }

    private static async Task Prepare(HandWorker worker)
    {
        var prepare = await worker.Claim();
        await worker.Start(prepare);
        await worker.CompletePrepare(prepare, chunks: 1);
    }

    private async Task Breaks(string sql, Guid id, params string[] rules)
    {
        Assert.Equal(1, await service.Execute(sql, id));
        await AssertBroken(rules);
    }

    private async Task AssertBroken(params string[] rules) =>
        Assert.Equal(rules.Order(), (await service.Audit()).Select(violation => violation.Rule).Distinct().Order());
}
