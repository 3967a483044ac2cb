using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Tests.Jobs;

[Collection<MediaCluster>]
public sealed class OperatingOnJobs(ServiceFixture service) : ClusterScenario(service)
{
    private HandWorker Worker => new(Service);

    private IJobInspectionGrain Inspection => Service.Grains.GetGrain<IJobInspectionGrain>(0);

    [Fact]
    public async Task A_job_is_shown_with_its_tasks_who_has_them_and_what_it_owes()
    {
        var job = await Submit();
        await Prepare(chunks: 3);
        var chunk = await Worker.Claim();
        var failed = await Worker.Claim();
        await Worker.Fail(failed, HandWorker.Retryable);

        var shown = (await Inspection.Inspect(job.JobId, Ct))!;

        Assert.Equal((job.JobId, JobState.Processing, "held", true, 4), (shown.Job.JobId, shown.Job.State, shown.Credit, shown.HasWorkFiles, shown.TaskCount));
        Assert.Equal(["transcribe 0", "transcribe 1", "transcribe 2", "prepare 0"], shown.Tasks.Select(task => $"{task.Kind} {task.Ordinal}"));
        var claimed = shown.Tasks.Single(task => task.TaskId == chunk.Lease.TaskId);
        Assert.Equal(("claimed", 1, HandWorker.Identity.Name), (claimed.State, claimed.Attempts, claimed.Worker));
        Assert.NotNull(claimed.LeaseExpiresAt);
        Assert.Null(claimed.AvailableAt);
        var waiting = shown.Tasks.Single(task => task.TaskId == failed.Lease.TaskId);
        Assert.Equal(("queued", 1, null, HandWorker.Retryable.Failure.Code), (waiting.State, waiting.Attempts, waiting.Worker, waiting.FailureCode));
        Assert.NotNull(waiting.AvailableAt);
        Assert.Null(waiting.LeaseExpiresAt);
        Assert.NotNull(shown.Tasks.Single(task => task.Kind == "prepare").EndedAt);

        await Service.Job(job.JobId).Cancel(job.AccountId);
        Assert.Equal(("released", false), ((await Inspection.Inspect(job.JobId, Ct))!.Credit, (await Inspection.Inspect(job.JobId, Ct))!.HasWorkFiles));
        Assert.Null(await Inspection.Inspect(Guid.CreateVersion7(), Ct));
    }

    [Fact]
    public async Task Jobs_are_found_by_state_and_account_page_by_page()
    {
        var (one, two) = (await Customer(), await Customer());
        var (first, second) = (await Service.SubmitJob(one.AccountId, one.VideoId), await Service.SubmitJob(two.AccountId, two.VideoId));
        var third = await Service.SubmitJob(two.AccountId, two.VideoId);
        await Service.Job(second.JobId).Cancel(second.AccountId);

        Assert.Equal(3, (await Query()).Jobs.Count);
        Assert.Equal([second.JobId], (await Query(states: JobState.Canceled)).Jobs.Select(job => job.JobId));
        Assert.Equal(2, (await Query(states: [JobState.Queued, JobState.Processing])).Jobs.Count);
        Assert.Equal([first.JobId], (await Query(first.AccountId)).Jobs.Select(job => job.JobId));
        Assert.Empty((await Query(first.AccountId, JobState.Failed)).Jobs);

        var seen = new List<Guid>();
        var page = await Inspection.Query(new JobQuery(null, 2, null, []), Ct);
        seen.AddRange(page.Jobs.Select(job => job.JobId));
        Assert.Equal(2, seen.Count);
        page = await Inspection.Query(new JobQuery(page.Next, 2, null, []), Ct);
        seen.AddRange(page.Jobs.Select(job => job.JobId));
        Assert.Null(page.Next);
        Assert.Equal(new[] { first.JobId, second.JobId, third.JobId }.Order(), seen.Order());
    }

    [Fact]
    public async Task Requeued_a_task_that_waits_is_to_be_had_at_once_with_all_its_attempts()
    {
        var job = await Submit();
        for (var attempt = 1; attempt <= 2; attempt++)
            await Worker.Fail(await Started(), HandWorker.Retryable);
        await Service.Execute("update task set available_at = now() + interval '1 hour' where job_id = $1", job.JobId);
        Assert.Empty(await Worker.ClaimAll());

        Assert.Equal(new RequeueJobResult.Requeued(1), await Service.Job(job.JobId).Requeue());

        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var task = await Started();
            Assert.Equal(attempt, task.Lease.Attempt);
            await Worker.Fail(task, HandWorker.Retryable);
        }

        Assert.Equal(JobState.Processing, (await Service.Get(job)).State);
        await Worker.Fail(await Started(), HandWorker.Retryable);
        Assert.Equal(JobState.Failed, (await Service.Get(job)).State);
    }

    [Fact]
    public async Task Requeued_a_task_that_waits_for_the_end_of_an_outage_is_to_be_had_at_once_and_has_not_waited_yet()
    {
        var job = await Submit();
        await Worker.Fail(await Started(), HandWorker.Outage);
        await Service.Execute("update task set available_at = now() + interval '10 minutes' where job_id = $1", job.JobId);
        Assert.Equal(1, await Service.Value<int>("select outages from task where job_id = $1", job.JobId));

        Assert.Equal(new RequeueJobResult.Requeued(1), await Service.Job(job.JobId).Requeue());

        Assert.Equal(0, await Service.Value<int>("select outages from task where job_id = $1", job.JobId));
        Assert.Equal(1, (await Worker.Claim()).Lease.Attempt);
    }

    [Fact]
    public async Task Requeued_a_task_at_work_is_taken_from_its_worker_who_is_not_heard_any_more()
    {
        var job = await Submit();
        await Prepare(chunks: 2);
        await Worker.CompleteTranscribe(await Worker.Claim());
        var taken = await Worker.Claim();
        await Worker.Start(taken);

        Assert.Equal(new RequeueJobResult.Requeued(1), await Service.Job(job.JobId).Requeue());

        Assert.Empty(await Worker.Heartbeat(taken));
        var again = await Worker.Claim();
        Assert.Equal((taken.Lease.TaskId, 1), (again.Lease.TaskId, again.Lease.Attempt));
        Assert.Equal(TaskVerdict.Stale, await Worker.CompleteTranscribe(taken));
        Assert.Equal(TaskVerdict.Stale, await Worker.Fail(taken, HandWorker.Final));
        // The same attempt by number, and another lease: what one says is not the other's.
        await Worker.CompleteTranscribe(again);
        await Worker.CompleteCompose(await Worker.Claim());
        var ended = await Service.Get(job);
        Assert.Equal((JobState.Succeeded, 2), (ended.State, ended.Progress.ChunksDone));
    }

    [Fact]
    public async Task Requeued_a_job_whose_tasks_are_fresh_stays_as_it_is()
    {
        var job = await Submit();

        Assert.Equal(new RequeueJobResult.Requeued(0), await Service.Job(job.JobId).Requeue());

        Assert.Equal(job.Version, (await Service.Get(job)).Version);
        Assert.Equal(1, (await Worker.Claim()).Lease.Attempt);
    }

    [Fact]
    public async Task Requeued_once_more_since_the_answer_was_lost_nothing_is_lost_that_is_done()
    {
        var job = await Submit();
        await Prepare(chunks: 2);
        await Worker.CompleteTranscribe(await Worker.Claim());
        await Worker.Fail(await Worker.Claim(), HandWorker.Retryable);
        Assert.Equal(new RequeueJobResult.Requeued(1), await Service.Job(job.JobId).Requeue());

        // Nobody has taken the task since: it is as it was wished, and there is nothing to be done.
        Assert.Equal(new RequeueJobResult.Requeued(0), await Service.Job(job.JobId).Requeue());
        // Somebody has: that attempt is begun anew, and no more than that.
        var taken = await Worker.Claim();
        Assert.Equal(new RequeueJobResult.Requeued(1), await Service.Job(job.JobId).Requeue());

        Assert.Equal(TaskVerdict.Stale, await Worker.CompleteTranscribe(taken));
        await Worker.CompleteTranscribe(await Worker.Claim());
        await Worker.CompleteCompose(await Worker.Claim());
        var ended = await Service.Get(job);
        Assert.Equal((JobState.Succeeded, 2), (ended.State, ended.Progress.ChunksDone));
    }

    [Fact]
    public async Task A_job_that_has_ended_and_one_that_never_was_are_not_requeued()
    {
        var job = await Submit();
        var task = await Started();
        await Service.Job(job.JobId).Cancel(job.AccountId);

        Assert.Equal(JobState.Canceled, Assert.IsType<RequeueJobResult.AlreadyEnded>(await Service.Job(job.JobId).Requeue()).Job.State);

        Assert.IsType<RequeueJobResult.NotFound>(await Service.Job(Guid.CreateVersion7()).Requeue());
        Assert.Empty(await Worker.ClaimAll());
        Assert.Equal("canceled", await Service.Value<string>("select state from task where task_id = $1", task.Lease.TaskId));
    }

    private Task<JobPage> Query(Guid? accountId = null, params JobState[] states) =>
        Inspection.Query(new JobQuery(null, 100, accountId, states), Ct);

    private async Task<JobSnapshot> Submit()
    {
        var (accountId, videoId) = await Customer();
        return await Service.SubmitJob(accountId, videoId);
    }

    private async Task<(Guid AccountId, Guid VideoId)> Customer()
    {
        var accountId = await Service.NewGuest();
        return (accountId, await Service.ReadyVideo(accountId));
    }

    private async Task Prepare(int chunks) => await Worker.CompletePrepare(await Started(), chunks);

    private async Task<ClaimedTask> Started()
    {
        var task = await Worker.Claim();
        Assert.Equal(TaskVerdict.Accepted, await Worker.Start(task));
        return task;
    }
}
