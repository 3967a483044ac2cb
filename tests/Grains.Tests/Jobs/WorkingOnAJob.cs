using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Tests.Jobs;

[Collection<MediaCluster>]
public sealed class WorkingOnAJob(ServiceFixture service) : ClusterScenario(service)
{
    private const long Grant = CustomerExtensions.GuestGrant;

    private HandWorker Worker => new(Service);

    [Fact]
    public async Task Chunks_done_in_any_order_become_captions_and_the_hold_is_spent_once()
    {
        var job = await Submit();
        var prepare = await Worker.Claim();
        Assert.Equal(TaskVerdict.Accepted, await Worker.Start(prepare));
        Assert.Equal((JobState.Processing, JobStage.Prepare), await StateOf(job));
        Assert.Equal(TaskVerdict.Accepted, await Worker.CompletePrepare(prepare, chunks: 3));

        var chunks = (await Worker.ClaimAll()).OrderByDescending(chunk => chunk.Ordinal).ToList();
        Assert.Equal([2, 1, 0], chunks.Select(chunk => chunk.Ordinal));
        foreach (var chunk in chunks)
        {
            Assert.Equal((JobState.Processing, JobStage.Transcribe), await StateOf(job));
            Assert.Equal(TaskVerdict.Accepted, await Worker.Start(chunk));
            Assert.Equal(TaskVerdict.Accepted, await Worker.CompleteTranscribe(chunk));
        }

        var compose = await Worker.Claim();
        Assert.Equal(chunks.OrderBy(chunk => chunk.Ordinal).Select(JobKeys.Words), (await Service.Service<TaskQueue>().ChunkResults(job.JobId, Ct)).Select(result => result.WordsKey));
        Assert.Equal(TaskVerdict.Accepted, await Worker.CompleteCompose(compose));

        var ended = await Service.Get(job);
        Assert.Equal((JobState.Succeeded, 100, 3), (ended.State, ended.Progress.Percent, ended.Progress.ChunksDone));
        Assert.Equal(JobKeys.OutputPrefix(compose), ended.OutputPrefix);
        Assert.Equal(new CreditBalance(Grant - 1, 0), await Service.Balance(job.AccountId));
        Assert.Equal(
            [CreditEntryKind.Grant, CreditEntryKind.Reserve, CreditEntryKind.Settle],
            (await Service.Ledger(job.AccountId)).Select(entry => entry.Kind));
        await AssertNoWorkFiles(job);
    }

    [Fact]
    public async Task Audio_without_speech_goes_straight_on_to_composing()
    {
        var job = await Submit();
        await Worker.CompletePrepare(await Started(), chunks: 0);

        var compose = await Worker.Claim();
        Assert.Equal(TaskKind.Compose, compose.Input.Kind);
        await Worker.CompleteCompose(compose);

        Assert.Equal(JobState.Succeeded, (await Service.Get(job)).State);
    }

    [Fact]
    public async Task Every_report_may_be_repeated_and_counts_once()
    {
        var job = await Submit();
        var prepare = await Started();
        await Worker.CompletePrepare(prepare, chunks: 2);
        Assert.Equal(TaskVerdict.Accepted, await Worker.CompletePrepare(prepare, chunks: 2));
        var chunks = await Worker.ClaimAll();
        Assert.Equal(2, chunks.Count);

        foreach (var chunk in (ClaimedTask[])[chunks[0], chunks[0], chunks[1], chunks[1]])
            Assert.Equal(TaskVerdict.Accepted, await Worker.CompleteTranscribe(chunk));
        Assert.Equal(2, (await Service.Get(job)).Progress.ChunksDone);

        var compose = await Worker.Claim();
        Assert.Equal(TaskVerdict.Accepted, await Worker.CompleteCompose(compose));
        Assert.Equal(TaskVerdict.Accepted, await Worker.CompleteCompose(compose));
        Assert.Equal(3, (await Service.Ledger(job.AccountId)).Count);
    }

    [Fact]
    public async Task A_report_of_an_attempt_that_was_lost_is_stale_whatever_it_says()
    {
        var job = await Submit();
        var lost = await Started();
        await Worker.Vanish();
        var current = await Worker.Claim();

        Assert.Equal(2, current.Lease.Attempt);
        Assert.Equal(TaskVerdict.Stale, await Worker.Start(lost));
        Assert.Equal(TaskVerdict.Stale, await Worker.Complete(lost, HandWorker.Prepared(lost, chunks: 9)));
        Assert.Equal(TaskVerdict.Stale, await Worker.Fail(lost, HandWorker.Final));
        Assert.Equal(TaskVerdict.Stale, await Worker.OwnerOf(lost).LoseTask(lost.Lease));
        Assert.Equal((JobState.Processing, JobStage.Prepare), await StateOf(job));
        Assert.Equal(TaskVerdict.Accepted, await Worker.CompletePrepare(current, chunks: 1));
    }

    [Fact]
    public async Task A_lease_that_was_renewed_since_it_ran_out_is_not_lost()
    {
        await Submit();
        var prepare = await Started();
        await Service.Execute("update task set lease_expires_at = now() - interval '1 second' where task_id = $1", prepare.Lease.TaskId);
        await Worker.Heartbeat(prepare);

        Assert.Equal(TaskVerdict.Stale, await Worker.OwnerOf(prepare).LoseTask(prepare.Lease));

        Assert.Equal(TaskVerdict.Accepted, await Worker.CompletePrepare(prepare, chunks: 1));
    }

    [Fact]
    public async Task A_lease_lost_three_times_fails_the_job_and_releases_its_hold()
    {
        var job = await Submit();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Assert.Equal(attempt, (await Started()).Lease.Attempt);
            await Worker.Vanish();
        }

        var ended = await Service.Get(job);
        Assert.Equal((JobState.Failed, "worker_lost"), (ended.State, ended.Failure?.Code));
        await AssertReleased(job);
        Assert.Empty(await Worker.ClaimAll());
    }

    [Fact]
    public async Task A_chunk_that_fails_for_good_fails_the_job_and_cancels_its_siblings()
    {
        var job = await Submit();
        await Worker.CompletePrepare(await Started(), chunks: 3);
        var chunks = await Worker.ClaimAll(limit: 2);

        Assert.Equal(TaskVerdict.Accepted, await Worker.Fail(chunks[0], HandWorker.Final));

        var ended = await Service.Get(job);
        Assert.Equal((JobState.Failed, HandWorker.Final.Failure), (ended.State, ended.Failure));
        Assert.Empty(await Worker.Heartbeat([.. chunks]));
        Assert.Empty(await Worker.ClaimAll());
        Assert.Equal(TaskVerdict.Stale, await Worker.Complete(chunks[1], new TaskOutcome.Transcribed(JobKeys.Words(chunks[1]))));
        await AssertReleased(job);
        await AssertNoWorkFiles(job);
    }

    [Fact]
    public async Task A_failure_that_may_pass_is_tried_again_and_the_job_goes_on()
    {
        var job = await Submit();
        var first = await Started();
        Assert.Equal(TaskVerdict.Accepted, await Worker.Fail(first, HandWorker.Retryable));
        Assert.Equal(TaskVerdict.Accepted, await Worker.Fail(first, HandWorker.Retryable));

        Assert.Equal(JobState.Processing, (await Service.Get(job)).State);
        var second = await Started();
        Assert.Equal((first.Lease.TaskId, 2), (second.Lease.TaskId, second.Lease.Attempt));
        Assert.Equal(TaskVerdict.Accepted, await Worker.CompletePrepare(second, chunks: 1));
    }

    [Fact]
    public async Task A_failure_that_may_pass_but_does_not_fails_the_job_at_the_third_attempt()
    {
        var job = await Submit();
        for (var attempt = 1; attempt <= 3; attempt++)
            await Worker.Fail(await Started(), HandWorker.Retryable);

        Assert.Equal(HandWorker.Retryable.Failure, (await Service.Get(job)).Failure);
        await AssertReleased(job);
    }

    [Fact]
    public async Task An_outage_longer_than_all_attempts_costs_none_and_the_job_succeeds()
    {
        var job = await Submit();
        await Worker.CompletePrepare(await Started(), chunks: 1);
        for (var time = 0; time < 20; time++)
        {
            var chunk = await Worker.Claim();
            Assert.Equal(1, chunk.Lease.Attempt);
            Assert.Equal(TaskVerdict.Accepted, await Worker.Fail(chunk, HandWorker.Outage));
            Assert.Equal(TaskVerdict.Accepted, await Worker.Fail(chunk, HandWorker.Outage));
        }

        Assert.Equal((JobState.Processing, JobStage.Transcribe), await StateOf(job));
        await Worker.CompleteTranscribe(await Worker.Claim());
        await Worker.CompleteCompose(await Worker.Claim());

        Assert.Equal(JobState.Succeeded, (await Service.Get(job)).State);
        Assert.Equal(new CreditBalance(Grant - 1, 0), await Service.Balance(job.AccountId));
    }

    [Fact]
    public async Task An_outage_in_between_gives_no_attempt_back_that_counted()
    {
        var job = await Submit();
        foreach (var failure in (TaskFailure[])[HandWorker.Retryable, HandWorker.Outage, HandWorker.Retryable, HandWorker.Outage, HandWorker.Retryable])
            await Worker.Fail(await Started(), failure);

        Assert.Equal(HandWorker.Retryable.Failure, (await Service.Get(job)).Failure);
        await AssertReleased(job);
    }

    [Fact]
    public async Task An_outage_longer_than_the_job_may_take_ends_it_at_its_deadline()
    {
        var job = await Submit();
        await Worker.CompletePrepare(await Started(), chunks: 1);
        for (var time = 0; time < 5; time++)
        {
            await Worker.Fail(await Worker.Claim(), HandWorker.Outage);
            Assert.Equal(JobState.Processing, (await Service.Get(job)).State);
            Service.Clock.Advance(new JobOptions().Deadline / 4.9);
            await Service.Job(job.JobId).Drive();
        }

        var ended = await Service.Get(job);
        Assert.Equal((JobState.Failed, "deadline_exceeded"), (ended.State, ended.Failure?.Code));
        Assert.Empty(await Worker.ClaimAll());
        await AssertReleased(job);
    }

    [Fact]
    public async Task Chunks_are_for_the_engine_that_the_job_was_priced_with_and_those_of_jobs_of_before_for_any()
    {
        var job = await Submit();
        await Worker.CompletePrepare(await Started(), chunks: 1);
        Assert.Equal("pocketsphinx", Assert.IsType<TaskInput.Transcribe>((await Worker.Claim()).Input).Engine);
        Assert.Equal("pocketsphinx", await Service.Value<string>("select engine from caption_job where job_id = $1", job.JobId));

        var older = await Submit();
        await Service.Execute("update caption_job set engine = null where job_id = $1", older.JobId);
        await Worker.CompletePrepare(await Started(), chunks: 1);

        Assert.Null(Assert.IsType<TaskInput.Transcribe>((await Worker.Claim()).Input).Engine);
    }

    [Fact]
    public async Task Output_of_attempts_that_were_lost_goes_when_the_job_fails()
    {
        var job = await Submit();
        await Worker.CompletePrepare(await Started(), chunks: 0);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await Worker.WriteOutput(await Worker.Claim());
            await Worker.Vanish();
        }

        Assert.Equal(JobState.Failed, (await Service.Get(job)).State);
        Assert.Empty(await Objects($"jobs/{job.JobId}/"));
    }

    [Fact]
    public async Task Output_of_an_attempt_that_was_lost_goes_when_the_job_succeeds_with_another()
    {
        var job = await Submit();
        await Worker.CompletePrepare(await Started(), chunks: 0);
        await Worker.WriteOutput(await Worker.Claim());
        await Worker.Vanish();
        var compose = await Worker.Claim();
        await Worker.CompleteCompose(compose);

        Assert.All(await Objects($"jobs/{job.JobId}/"), key => Assert.StartsWith(JobKeys.OutputPrefix(compose), key, StringComparison.Ordinal));
        Assert.Equal(3, (await Objects($"jobs/{job.JobId}/")).Count);
    }

    private async Task<JobSnapshot> Submit()
    {
        var accountId = await Service.NewGuest();
        return await Service.SubmitJob(accountId, await Service.ReadyVideo(accountId));
    }

    private async Task<ClaimedTask> Started()
    {
        var task = await Worker.Claim();
        Assert.Equal(TaskVerdict.Accepted, await Worker.Start(task));
        return task;
    }

    private async Task<(JobState State, JobStage Stage)> StateOf(JobSnapshot job)
    {
        var now = await Service.Get(job);
        return (now.State, now.Progress.Stage);
    }

    private async Task AssertReleased(JobSnapshot job)
    {
        Assert.Equal(new CreditBalance(Grant, 0), await Service.Balance(job.AccountId));
        Assert.Single(await Service.Ledger(job.AccountId), entry => entry.Kind == CreditEntryKind.Release);
    }

    private async Task AssertNoWorkFiles(JobSnapshot job) => Assert.Empty(await Objects(JobKeys.WorkPrefix(job.JobId)));

    private async Task<List<string>> Objects(string prefix)
    {
        var keys = new List<string>();
        await foreach (var stored in Service.Objects.List(prefix, Ct))
            keys.Add(stored.Key);
        return keys;
    }
}
