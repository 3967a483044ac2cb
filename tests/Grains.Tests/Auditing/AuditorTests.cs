using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Auditing;

/// <summary>Each rule is broken by hand, as no grain would, in a book that holds one succeeded job and one that is being worked on.</summary>
[Collection<MediaCluster>]
public sealed class AuditorTests(ServiceFixture service) : IAsyncLifetime
{
    private JobSnapshot succeeded = null!;
    private JobSnapshot live = null!;

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
