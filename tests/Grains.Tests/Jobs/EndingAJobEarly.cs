using System.Net;
using System.Net.Sockets;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Credits;
using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace AX2Caption.Grains.Tests.Jobs;

[Collection<MediaCluster>]
public sealed class EndingAJobEarly(ServiceFixture service) : ClusterScenario(service)
{
    private const long Grant = CustomerExtensions.GuestGrant;

    private HandWorker Worker => new(Service);

    [Fact]
    public async Task Canceled_while_queued_it_releases_its_hold_and_nobody_gets_its_task()
    {
        var job = await Submit();

        await Cancel(job);

        Assert.Empty(await Worker.ClaimAll());
        await AssertReleasedOnce(job);
    }

    [Fact]
    public async Task Canceled_while_preparing_it_takes_the_task_from_its_worker()
    {
        var job = await Submit();
        var prepare = await Worker.Claim();
        await Worker.Start(prepare);
        Assert.Equal([prepare.Lease.Token], await Worker.Heartbeat(prepare));

        await Cancel(job);

        Assert.Empty(await Worker.Heartbeat(prepare));
        Assert.Equal(TaskVerdict.Stale, await Worker.Complete(prepare, HandWorker.Prepared(prepare, chunks: 2)));
        await AssertReleasedOnce(job);
    }

    [Fact]
    public async Task Canceled_while_transcribing_it_cancels_claimed_and_queued_chunks_and_deletes_its_files()
    {
        var job = await Submit();
        await Prepare(chunks: 3);
        var chunks = await Worker.ClaimAll(limit: 2);
        await Worker.CompleteTranscribe(chunks[0]);

        await Cancel(job);

        Assert.Empty(await Worker.Heartbeat([.. chunks]));
        Assert.Empty(await Worker.ClaimAll());
        Assert.Equal(2, await Service.Value<long>("select count(*) from task where job_id = $1 and kind = 'transcribe' and state = 'canceled'", job.JobId));
        await foreach (var file in Service.Objects.List($"jobs/{job.JobId}/", Ct))
            Assert.Fail($"{file.Key} is left.");
        await AssertReleasedOnce(job);
    }

    [Fact]
    public async Task Canceled_while_composing_its_output_is_refused()
    {
        var job = await Submit();
        await Prepare(chunks: 0);
        var compose = await Worker.Claim();

        await Cancel(job);

        Assert.Equal(TaskVerdict.Stale, await Worker.Complete(compose, await Worker.Composed(compose)));
        Assert.Equal(JobState.Canceled, (await Service.Get(job)).State);
        await AssertReleasedOnce(job);
    }

    [Fact]
    public async Task Canceled_twice_it_stays_canceled_and_releases_once()
    {
        var job = await Submit();

        await Cancel(job);
        await Cancel(job);

        await AssertReleasedOnce(job);
    }

    [Fact]
    public async Task Canceled_after_its_success_it_stays_succeeded_and_paid()
    {
        var job = await Submit();
        await Prepare(chunks: 0);
        await Worker.CompleteCompose(await Worker.Claim());

        var answer = Assert.IsType<CancelJobResult.AlreadyEnded>(await Service.Job(job.JobId).Cancel(job.AccountId));

        Assert.Equal(JobState.Succeeded, answer.Job.State);
        Assert.Equal(new CreditBalance(Grant - 1, 0), await Service.Balance(job.AccountId));
    }

    [Fact]
    public async Task Cancel_and_success_at_once_end_in_one_of_them_with_the_credits_that_belong_to_it()
    {
        var job = await Submit();
        await Prepare(chunks: 0);
        var compose = await Worker.Claim();
        await Worker.WriteOutput(compose);
        await using var rival = await Service.StartRival();

        var completed = Worker.Complete(compose, await Worker.Composed(compose));
        var canceled = rival.Client.GetGrain<ICaptionJobGrain>(job.JobId).Cancel(job.AccountId);
        await Task.WhenAll(completed, canceled);

        var succeeded = (await Service.Get(job)).State == JobState.Succeeded;
        Assert.Equal(succeeded ? TaskVerdict.Accepted : TaskVerdict.Stale, await completed);
        Assert.Equal(succeeded, await canceled is CancelJobResult.AlreadyEnded);
        Assert.Equal(new CreditBalance(succeeded ? Grant - 1 : Grant, 0), await Service.Balance(job.AccountId));
    }

    [Fact]
    public async Task Past_its_deadline_it_fails_and_releases_its_hold()
    {
        var job = await Submit();
        await Prepare(chunks: 2);
        await Pass(hours: 24, job);
        Assert.Equal(0, await Service.Sweep<UndeliveredJobSweep>());
        Service.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, await Service.Sweep<UndeliveredJobSweep>());

        Assert.Equal("deadline_exceeded", (await Service.Get(job)).Failure?.Code);
        Assert.Empty(await Worker.ClaimAll());
        await AssertReleasedOnce(job);
    }

    [Fact]
    public async Task While_it_lives_its_hold_is_extended_once_for_each_half_of_a_lifetime()
    {
        var job = await Submit();
        await Pass(hours: 23, job);

        var extensions = (await Service.Ledger(job.AccountId)).Where(entry => entry.Kind == CreditEntryKind.Extend).ToList();
        Assert.Equal([18, 24, 30], extensions.Select(entry => (entry.ExpiresAt!.Value - job.CreatedAt).TotalHours));
        Assert.All(extensions, entry => Assert.Equal(job.JobId, entry.HoldId));
        Assert.Equal(new CreditBalance(Grant - 1, 1), await Service.Balance(job.AccountId));
        await Cancel(job);
        await AssertReleasedOnce(job);
    }

    [Fact]
    public async Task Whose_hold_has_expired_in_an_outage_it_fails_and_the_credits_are_back()
    {
        var job = await Submit();
        await Prepare(chunks: 2);
        Service.Clock.Advance(TimeSpan.FromHours(12));

        await Service.Job(job.JobId).Drive();

        Assert.Equal("hold_expired", (await Service.Get(job)).Failure?.Code);
        Assert.Equal(new CreditBalance(Grant, 0), await Service.Balance(job.AccountId));
        Assert.Empty(await Worker.ClaimAll());
    }

    [Fact]
    public async Task Whose_hold_has_expired_in_an_outage_it_does_not_succeed_for_nothing()
    {
        var job = await Submit();
        await Prepare(chunks: 0);
        var compose = await Worker.Claim();
        Service.Clock.Advance(TimeSpan.FromHours(12));
        await Service.Sweep<DueCreditSweep>();

        Assert.Equal(TaskVerdict.Stale, await Worker.CompleteCompose(compose));

        Assert.Equal("hold_expired", (await Service.Get(job)).Failure?.Code);
        await foreach (var file in Service.Objects.List($"jobs/{job.JobId}/", Ct))
            Assert.Fail($"{file.Key} is left.");
    }

    [Theory]
    [InlineData("released", "release_owed")]
    [InlineData("settled", "settle_owed")]
    public async Task A_credit_operation_whose_acknowledgement_was_lost_is_delivered_again_and_counts_once(string delivered, string owed)
    {
        var job = await EndWith(delivered);
        var before = await Service.Ledger(job.AccountId);
        await Service.Execute("update caption_job set credit_state = $2 where job_id = $1", job.JobId, owed);
        Assert.Equal(0, await Service.Sweep<UndeliveredJobSweep>());
        Service.Clock.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(1, await Service.Sweep<UndeliveredJobSweep>());
        Assert.Equal(0, await Service.Sweep<UndeliveredJobSweep>());

        Assert.Equal(delivered, await Service.Value<string>("select credit_state from caption_job where job_id = $1", job.JobId));
        Assert.Equal(before, await Service.Ledger(job.AccountId));
    }

    [Fact]
    public async Task A_credit_operation_that_never_left_the_row_is_delivered_by_the_sweep()
    {
        var job = await Submit();
        await Service.Execute("update task set state = 'canceled', ended_at = now() where job_id = $1", job.JobId);
        await Service.Execute(
            "update caption_job set state = 'canceled', credit_state = 'release_owed', ended_at = $2 where job_id = $1",
            job.JobId,
            Service.Clock.GetUtcNow());
        Assert.Equal(new CreditBalance(Grant - 1, 1), await Service.Balance(job.AccountId));
        Service.Clock.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(1, await Service.Sweep<UndeliveredJobSweep>());

        await AssertReleasedOnce(job);
    }

    [Fact]
    public async Task Working_files_that_a_crash_left_are_deleted_by_the_sweep()
    {
        var job = await Submit();
        await Prepare(chunks: 0);
        await Worker.CompleteCompose(await Worker.Claim());
        var left = $"{JobKeys.WorkPrefix(job.JobId)}left/audio.pcm";
        await Service.Put(left);
        await Service.Execute("update caption_job set has_work_files = true where job_id = $1", job.JobId);
        Service.Clock.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(1, await Service.Sweep<UndeliveredJobSweep>());

        Assert.Null(await Service.Objects.Stat(left, Ct));
    }

    [Fact]
    public async Task Its_reminder_delivers_what_is_owed_and_then_ends_itself()
    {
        var job = await Submit();
        await Service.Job(job.JobId).Drive();
        Assert.Equal(1, await Reminders(job));
        await Service.Job(job.JobId).Cancel(job.AccountId);
        await Service.Execute("update caption_job set credit_state = 'release_owed' where job_id = $1", job.JobId);

        await Service.Job(job.JobId).AsReference<IRemindable>().ReceiveReminder("processing", default, Ct);

        Assert.Equal("released", await Service.Value<string>("select credit_state from caption_job where job_id = $1", job.JobId));
        Assert.Equal(0, await Reminders(job));
    }

    [Fact]
    public async Task One_that_ends_soon_never_has_a_reminder_and_one_that_lives_has_it_from_the_sweep_at_the_latest()
    {
        var job = await Submit();
        Assert.Equal(0, await Reminders(job));

        Service.Clock.Advance(TimeSpan.FromMinutes(1));
        await Service.Sweep<UndeliveredJobSweep>();
        Assert.Equal(0, await Reminders(job));
        Service.Clock.Advance(TimeSpan.FromTicks(10));
        await Service.Sweep<UndeliveredJobSweep>();

        Assert.Equal(1, await Reminders(job));
        Assert.True(await Service.Value<bool>("select has_reminder from caption_job where job_id = $1", job.JobId));
    }

    [Fact]
    public async Task A_store_that_does_not_answer_keeps_neither_the_credits_nor_who_waits_for_the_end()
    {
        var job = await Submit();
        await Worker.Start(await Worker.Claim());
        var writer = Service.Service<JobWriter>();
        var canceled = await writer.Change(job.JobId, before => before.Canceled(before.CreatedAt));
        // Takes connections and says nothing.
        using var silence = new TcpListener(IPAddress.Loopback, 0);
        silence.Start();
        var objects = StorageServices.OpenObjectStore(
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Storage:Kind"] = "s3",
                ["Storage:S3:Bucket"] = "bucket",
                ["Storage:S3:Endpoint"] = $"http://{silence.LocalEndpoint}",
                ["Storage:S3:ForcePathStyle"] = "true",
                ["Storage:S3:AccessKey"] = "any",
                ["Storage:S3:SecretKey"] = "any",
            }).Build(),
            "Storage",
            TimeProvider.System);
        using var closing = (IDisposable)objects;
        var delivery = new JobDelivery(writer, Service.Service<JobStore>(), Service.Service<JobHold>(), objects, NullLogger<JobDelivery>.Instance);

        await delivery.Deliver(canceled!).WaitAsync(TimeSpan.FromMinutes(1), Ct);

        await AssertReleasedOnce(job);
        Assert.Equal("released true", await Service.Value<string>("select credit_state || ' ' || has_work_files from caption_job where job_id = $1", job.JobId));
    }

    private Task<long> Reminders(JobSnapshot job) =>
        Service.Value<long>("select count(*) from orleans_reminder where grain_id like '%' || $1", job.JobId.ToString("N"));

    private async Task<JobSnapshot> Submit()
    {
        var accountId = await Service.NewGuest();
        return await Service.SubmitJob(accountId, await Service.ReadyVideo(accountId));
    }

    /// <summary>Time passes, and the job's reminder comes by every hour.</summary>
    private async Task Pass(int hours, JobSnapshot job)
    {
        for (var hour = 0; hour < hours; hour++)
        {
            Service.Clock.Advance(TimeSpan.FromHours(1));
            await Service.Job(job.JobId).Drive();
        }
    }

    private async Task Prepare(int chunks)
    {
        var prepare = await Worker.Claim();
        await Worker.Start(prepare);
        await Worker.CompletePrepare(prepare, chunks);
    }

    private async Task Cancel(JobSnapshot job) =>
        Assert.Equal(JobState.Canceled, Assert.IsType<CancelJobResult.Canceled>(await Service.Job(job.JobId).Cancel(job.AccountId)).Job.State);

    private async Task<JobSnapshot> EndWith(string credit)
    {
        var job = await Submit();
        if (credit == "released")
        {
            await Cancel(job);
        }
        else
        {
            await Prepare(chunks: 0);
            await Worker.CompleteCompose(await Worker.Claim());
        }

        return job;
    }

    private async Task AssertReleasedOnce(JobSnapshot job)
    {
        Assert.Equal(new CreditBalance(Grant, 0), await Service.Balance(job.AccountId));
        Assert.Single(await Service.Ledger(job.AccountId), entry => entry.Kind == CreditEntryKind.Release);
    }
}
