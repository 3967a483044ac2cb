using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Time;
using Npgsql;

namespace AX2Caption.Grains.Jobs;

/// <summary>Reads jobs. What changes them is the matter of <see cref="JobWriter"/>.</summary>
internal sealed class JobStore(WorkDatabase work, TimeProvider time)
{
    private readonly NpgsqlDataSource database = work.Source;

    public async Task<CaptionJob?> Load(Guid jobId, CancellationToken cancellationToken = default) =>
        (await database.Read($"select {JobTable.Columns} from caption_job where job_id = $1", [jobId], JobTable.Row, cancellationToken)).SingleOrDefault();

    public async Task<JobPage> List(Guid accountId, PageCursor? after, int limit, CancellationToken cancellationToken)
    {
        var rows = await database.Read(
            $"""
            select {JobTable.Columns} from caption_job
            where account_id = $1 and (created_at, job_id) < ($2, $3)
            order by created_at desc, job_id desc
            limit $4
            """,
            [accountId, after?.CreatedAt ?? DateTimeOffset.MaxValue.AddYears(-1), after?.Id ?? Guid.Empty, limit + 1],
            JobTable.Row,
            cancellationToken);
        var page = rows.Take(limit).Select(row => row.SnapshotAt(time.UtcNow())).ToList();
        return new JobPage(page, rows.Count > limit ? new PageCursor(page[^1].CreatedAt, page[^1].JobId) : null);
    }

    /// <summary>
    /// Live jobs past their deadline, those that should have had a reminder by now, and ended ones that have owed something since
    /// before <paramref name="endedBefore"/>.
    /// </summary>
    public Task<List<Guid>> Undelivered(
        DateTimeOffset now, DateTimeOffset createdBefore, DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken) =>
        database.Read(
            """
            (select job_id from caption_job where state in ('queued', 'processing') and deadline_at < $1 limit $3)
            union
            (select job_id from caption_job where state in ('queued', 'processing') and not has_reminder and created_at < $4 limit $3)
            union
            (select job_id from caption_job
             where ended_at < $2 and (has_work_files or credit_state in ('settle_owed', 'release_owed')) limit $3)
            """,
            [now, endedBefore, limit, createdBefore],
            row => row.GetGuid(0),
            cancellationToken);
}
