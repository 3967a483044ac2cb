using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Jobs;

[Collection<MediaCluster>]
public sealed class FollowingAnAccount(ServiceFixture service) : ClusterScenario(service)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    private HandWorker Worker => new(Service);

    [Fact]
    public async Task At_first_the_live_jobs_come_and_no_others()
    {
        var (accountId, videoId) = await Customer();
        var other = await Customer();
        var ended = await Service.SubmitJob(accountId, videoId);
        await Cancel(ended);
        var live = await Service.SubmitJob(accountId, videoId);
        await Service.SubmitJob(other.AccountId, other.VideoId);

        Assert.Equal([live.JobId], (await Next(accountId, null)).Jobs.Select(job => job.JobId));
    }

    [Fact]
    public async Task New_jobs_changes_and_ends_answer_those_who_wait()
    {
        var (accountId, videoId) = await Customer();
        var start = await Next(accountId, null);
        Assert.Empty(start.Jobs);

        var waiting = Next(accountId, start.Position);
        Assert.False(waiting.IsCompleted);
        var job = await Service.SubmitJob(accountId, videoId);
        var created = await waiting;
        Assert.Equal((job.JobId, JobState.Queued), (Assert.Single(created.Jobs).JobId, created.Jobs[0].State));

        await Worker.Start(await Worker.Claim());
        Assert.Equal(JobState.Processing, (await NextOf(job, created.Position, 1)).State);

        await Cancel(job);
        Assert.Equal(JobState.Canceled, (await NextOf(job, created.Position, 2)).State);
    }

    [Fact]
    public async Task Without_a_change_nothing_comes_when_the_wait_is_over()
    {
        var (accountId, videoId) = await Customer();
        await Service.SubmitJob(accountId, videoId);
        var start = await Next(accountId, null);

        var nothing = await Service.Grains.GetGrain<IJobFeedGrain>(accountId).Next(await Settled(accountId, start.Position), TimeSpan.Zero, Ct);

        Assert.Empty(nothing.Jobs);
        Assert.True(nothing.Position >= start.Position);
    }

    [Fact]
    public async Task Who_does_not_wait_is_told_of_this_moment_whatever_somebody_else_was_told()
    {
        var (accountId, videoId) = await Customer();
        var job = await Service.SubmitJob(accountId, videoId);
        var start = await Settled(accountId, (await Next(accountId, null)).Position);
        var feed = Service.Grains.GetGrain<IJobFeedGrain>(accountId);
        var waiting = feed.Next(start, Long, Ct);
        Assert.Empty((await feed.Next(start, TimeSpan.Zero, Ct)).Jobs);

        await Cancel(job);

        Assert.Equal(JobState.Canceled, Assert.Single((await feed.Next(start, TimeSpan.Zero, Ct)).Jobs).State);
        Assert.NotEmpty((await waiting).Jobs);
    }

    /// <summary>Of two transactions, the one that began first may commit last: a time or a number from a sequence would pass over it.</summary>
    [Fact]
    public async Task A_change_that_commits_late_is_told_although_a_later_one_was_told_before()
    {
        var (accountId, videoId) = await Customer();
        var (slow, fast) = (await Service.SubmitJob(accountId, videoId), await Service.SubmitJob(accountId, videoId));
        var start = await Settled(accountId, (await Next(accountId, null)).Position);
        await using var connection = await Service.Owner.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await using (var change = connection.CreateCommand())
        {
            change.CommandText = $"update caption_job set version = version + 1 where job_id = '{slow.JobId}'";
            await change.ExecuteNonQueryAsync(Ct);
        }

        await Service.Execute("update caption_job set version = version + 1 where job_id = $1", fast.JobId);
        var first = await Next(accountId, start);
        Assert.Equal([fast.JobId], first.Jobs.Select(job => job.JobId));
        await transaction.CommitAsync(Ct);

        Assert.Equal(slow.Version + 1, (await NextOf(slow, first.Position, slow.Version)).Version);
    }

    [Fact]
    public async Task Ends_of_long_ago_all_come_a_part_at_a_time()
    {
        var (accountId, videoId) = await Customer();
        var job = await Service.SubmitJob(accountId, videoId);
        var start = (await Next(accountId, null)).Position;
        await Cancel(job);
        await Service.Execute(
            """
            insert into caption_job (job_id, account_id, video_id, version, state, stage, language, profile, request_hash, price, credit_state,
                duration_ms, has_work_files, deadline_at, created_at, ended_at, ended_xact)
            select gen_random_uuid(), $1, $2, 2, 'canceled', 'prepare', 'en', 'netflix-en', sha256(''), 1, 'released', 1, false, now(), now(), now(),
                (select ended_xact - (n % 700) / 7 from caption_job where job_id = $3)
            from generate_series(1, 1200) n
            """,
            accountId,
            videoId,
            job.JobId);
        try
        {
            var told = new HashSet<Guid>();
            long? position = start - 200;
            for (var round = 0; round < 10; round++)
            {
                var part = await Service.Grains.GetGrain<IJobFeedGrain>(accountId).Next(position, TimeSpan.Zero, Ct);
                Assert.InRange(part.Jobs.Count, 0, JobFeedStore.Limit + 20);
                told.UnionWith(part.Jobs.Select(ended => ended.JobId));
                position = part.Position;
            }

            Assert.Equal(1201, told.Count);
        }
        finally
        {
            // Made by hand, they have no holds: the auditor would find them.
            await Service.Execute("delete from caption_job where job_id <> $1", job.JobId);
        }
    }

    [Fact]
    public async Task A_position_or_a_transaction_of_another_server_is_as_none()
    {
        var (accountId, videoId) = await Customer();
        var job = await Service.SubmitJob(accountId, videoId);

        Assert.Equal([job.JobId], (await Next(accountId, long.MaxValue)).Jobs.Select(known => known.JobId));

        // Restored from a dump into a server that has seen fewer transactions.
        await Service.Execute("alter table caption_job disable trigger caption_job_guard");
        await Service.Execute("update caption_job set changed_xact = $2 where job_id = $1", job.JobId, long.MaxValue);
        await Service.Execute("alter table caption_job enable trigger caption_job_guard");
        var start = await Next(accountId, null);
        Assert.Equal([job.JobId], start.Jobs.Select(known => known.JobId));
        Assert.Empty((await Service.Grains.GetGrain<IJobFeedGrain>(accountId).Next(start.Position, TimeSpan.Zero, Ct)).Jobs);
        await Cancel(job);
        Assert.Equal(JobState.Canceled, (await NextOf(job, start.Position, 1)).State);
    }

    [Fact]
    public async Task Jobs_that_a_member_takes_over_come_as_new()
    {
        var (guestId, videoId) = await Customer();
        var job = await Service.SubmitJob(guestId, videoId);
        var member = Service.Grains.GetGrain<IAccountGrain>(Guid.CreateVersion7());
        await member.CreateMember();
        var start = await Next(member.GetPrimaryKey(), null);

        Assert.IsType<AdoptGuestResult.Adopted>(await member.AdoptGuest(guestId));

        Assert.Equal([job.JobId], (await Next(member.GetPrimaryKey(), start.Position)).Jobs.Select(known => known.JobId));
        Assert.Empty((await Next(guestId, null)).Jobs);
    }

    private async Task<(Guid AccountId, Guid VideoId)> Customer()
    {
        var accountId = await Service.NewGuest();
        return (accountId, await Service.ReadyVideo(accountId));
    }

    private async Task Cancel(JobSnapshot job) =>
        Assert.IsType<CancelJobResult.Canceled>(await Service.Job(job.JobId).Cancel(job.AccountId));

    private Task<JobChanges> Next(Guid accountId, long? position) =>
        Service.Grains.GetGrain<IJobFeedGrain>(accountId).Next(position, Long, Ct);

    /// <summary>The job beyond a version, as changes come; some may be told again.</summary>
    private async Task<JobSnapshot> NextOf(JobSnapshot job, long position, long knownVersion)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            var changes = await Next(job.AccountId, position);
            Assert.NotEmpty(changes.Jobs);
            if (changes.Jobs.SingleOrDefault(known => known.JobId == job.JobId) is { } now && now.Version > knownVersion)
                return now;
            position = changes.Position;
        }
    }

    /// <summary>A position by which nothing is told again: the transactions of then are over, those of others on the server too.</summary>
    private async Task<long> Settled(Guid accountId, long position)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (true)
        {
            var changes = await Service.Service<JobFeedStore>().Since(accountId, position, limit.Token);
            if (changes.Jobs.Count == 0)
                return changes.Position;
            position = changes.Position;
        }
    }
}
