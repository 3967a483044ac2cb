using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Tests.Cluster;
using Npgsql;

namespace AX2Caption.Grains.Tests.Jobs;

/// <summary>What no code does, however wrong, since the table does not take it.</summary>
[Collection<MediaCluster>]
public sealed class GuardingTheTable(ServiceFixture service) : ClusterScenario(service)
{
    private static readonly string[] States = ["queued", "processing", "succeeded", "failed", "canceled"];

    /// <summary>The arrows of the diagram in docs/jobs.md.</summary>
    private static readonly Dictionary<string, string[]> Next = new()
    {
        ["queued"] = ["processing", "failed", "canceled"],
        ["processing"] = ["succeeded", "failed", "canceled"],
        ["succeeded"] = [],
        ["failed"] = [],
        ["canceled"] = [],
    };

    public static TheoryData<string, string> EveryTwoStates =>
        [.. from before in States from after in States where before != after select new TheoryDataRow<string, string>(before, after)];

    [Theory]
    [MemberData(nameof(EveryTwoStates))]
    public async Task A_job_goes_from_one_state_to_another_only_along_the_diagram(string before, string after)
    {
        var jobId = await Insert(before);
        try
        {
            var refusal = await Refusal(() => Service.Execute($"update caption_job set {Columns(after)} where job_id = $1", jobId));

            Assert.Equal(Next[before].Contains(after) ? null : "caption_job_transition", refusal);
        }
        finally
        {
            // Made by hand, it has no hold: the auditor would find it.
            await Service.Execute("delete from caption_job");
        }
    }

    [Theory]
    [InlineData("processing", "stage = 'prepare', chunks_total = null", "caption_job_forward")]
    [InlineData("processing", "chunks_done = 1", "caption_job_forward")]
    [InlineData("processing", "media_ms_done = 10", "caption_job_forward")]
    [InlineData("processing", "version = 1", "caption_job_forward")]
    [InlineData("processing", "chunks_done = 5", "caption_job_chunks")]
    [InlineData("processing", "media_ms_done = 101", "caption_job_media")]
    [InlineData("processing", "started_at = null", "caption_job_begun")]
    [InlineData("processing", "chunks_total = null", "caption_job_planned")]
    [InlineData("processing", "expected_speed = 0", "caption_job_expected_speed")]
    [InlineData("queued", "started_at = now()", "caption_job_begun")]
    [InlineData("queued", "stage = 'transcribe', chunks_total = 1", "caption_job_begun")]
    [InlineData("processing", "stage = 'compose', chunks_done = 4", null)]
    public async Task A_job_does_not_go_back_and_is_never_half_of_what_it_is(string state, string change, string? refusal)
    {
        var jobId = await Insert(state);
        try
        {
            Assert.Equal(refusal, await Refusal(() => Service.Execute($"update caption_job set {change} where job_id = $1", jobId)));
        }
        finally
        {
            await Service.Execute("delete from caption_job");
        }
    }

    [Fact]
    public async Task An_illegal_step_is_a_value_and_no_fault()
    {
        var accountId = await Service.NewGuest();
        var job = await Service.SubmitJob(accountId, await Service.ReadyVideo(accountId));
        Assert.IsType<CancelJobResult.Canceled>(await Service.Job(job.JobId).Cancel(accountId));

        Assert.IsType<CancelJobResult.Canceled>(await Service.Job(job.JobId).Cancel(accountId));
        Assert.IsType<RequeueJobResult.AlreadyEnded>(await Service.Job(job.JobId).Requeue());
        await Service.Job(job.JobId).Drive();

        Assert.Equal(JobState.Canceled, (await Service.Get(job)).State);
    }

    private async Task<Guid> Insert(string state)
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.ReadyVideo(accountId);
        var jobId = Guid.CreateVersion7();
        await Service.Execute(
            """
            insert into caption_job (job_id, account_id, video_id, version, state, stage, language, profile, request_hash, price, credit_state,
                duration_ms, has_work_files, deadline_at, created_at, chunks_done, media_ms_done)
            values ($1, $2, $3, 1, 'queued', 'prepare', 'en', 'netflix-en', sha256(''), 1, 'held', 1, false, now(), now(), 0, 0)
            """,
            jobId,
            accountId,
            videoId);
        if (state != "queued")
            await Service.Execute($"update caption_job set {Columns("processing")} where job_id = $1", jobId);
        if (state is not ("queued" or "processing"))
            await Service.Execute($"update caption_job set {Columns(state)} where job_id = $1", jobId);
        return jobId;
    }

    /// <summary>All that belongs to a state.</summary>
    private static string Columns(string state) => state switch
    {
        "queued" => """
            version = version + 1, state = 'queued', started_at = null, ended_at = null, credit_state = 'held', output_prefix = null,
            failure_code = null, failure_message = null, stage = 'prepare', chunks_total = null, chunks_done = 0, media_ms_done = 0
            """,
        "processing" => """
            version = version + 1, state = 'processing', started_at = now(), ended_at = null, credit_state = 'held', output_prefix = null,
            failure_code = null, failure_message = null, stage = 'transcribe', chunks_total = 4, chunks_done = 2, media_ms_total = 100, media_ms_done = 50
            """,
        "succeeded" => """
            version = version + 1, state = 'succeeded', stage = 'compose', chunks_total = 4, chunks_done = 4, media_ms_total = 100, media_ms_done = 100,
            ended_at = now(), credit_state = 'settled', output_prefix = 'x/', failure_code = null, failure_message = null
            """,
        "failed" => """
            version = version + 1, state = 'failed', ended_at = now(), credit_state = 'released', output_prefix = null, failure_code = 'x',
            failure_message = 'X.'
            """,
        _ => """
            version = version + 1, state = 'canceled', ended_at = now(), credit_state = 'released', output_prefix = null, failure_code = null,
            failure_message = null
            """,
    };

    private static async Task<string?> Refusal(Func<Task> change)
    {
        try
        {
            await change();
            return null;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.CheckViolation)
        {
            return refused.ConstraintName;
        }
    }
}
