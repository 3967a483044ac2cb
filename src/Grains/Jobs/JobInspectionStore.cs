using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Time;
using Npgsql;

namespace AX2Caption.Grains.Jobs;

/// <summary>Jobs of all accounts, and their tasks, for operators to look at.</summary>
internal sealed class JobInspectionStore(NpgsqlDataSource database, JobStore jobs, TimeProvider time)
{
    /// <summary>Tasks that are shown of one job.</summary>
    public const int MaximumTasks = 200;

    public async Task<JobPage> Query(JobQuery query, CancellationToken cancellationToken)
    {
        var limit = Math.Clamp(query.Limit, 1, 100);
        var rows = await database.Read(
            $"""
            select {JobTable.Columns} from caption_job
            where (created_at, job_id) < ($1, $2)
              and ($3::uuid is null or account_id = $3) and (cardinality($4::text[]) = 0 or state = any ($4))
            order by created_at desc, job_id desc
            limit $5
            """,
            [
                query.After?.CreatedAt ?? DateTimeOffset.MaxValue.AddYears(-1), query.After?.Id ?? Guid.Empty, query.AccountId,
                query.States.Select(StoredName.Of).ToArray(), limit + 1,
            ],
            JobTable.Row,
            cancellationToken);
        var now = time.UtcNow();
        var page = rows.Take(limit).Select(row => row.SnapshotAt(now)).ToList();
        return new JobPage(page, rows.Count > limit ? new PageCursor(page[^1].CreatedAt, page[^1].JobId) : null);
    }

    public async Task<JobInspection?> Inspect(Guid jobId, CancellationToken cancellationToken)
    {
        if (await jobs.Load(jobId, cancellationToken) is not { } job)
        {
            return null;
        }

        var tasks = await database.Read(
            """
            select task_id, kind, ordinal, state, attempt, worker, failure_code, ended_at,
                   case when state = 'claimed' then lease_expires_at end, case when state = 'queued' then available_at end,
                   count(*) over ()
            from task where job_id = $1
            order by ended_at is not null, array_position(array['prepare', 'transcribe', 'compose'], kind), ordinal
            limit $2
            """,
            [jobId, MaximumTasks],
            row => (
                Task: new InspectedTask(
                    row.GetGuid(0), row.GetString(1), row.GetInt32(2), row.GetString(3), row.GetInt32(4), row.NullableText(5),
                    row.Nullable<DateTimeOffset>(8), row.NullableText(6), row.Nullable<DateTimeOffset>(9), row.Nullable<DateTimeOffset>(7)),
                Count: (int)row.GetInt64(10)),
            cancellationToken);
        return new JobInspection(
            job.SnapshotAt(time.UtcNow()), StoredName.Of(job.Credit), job.HasWorkFiles, job.DeadlineAt, [.. tasks.Select(row => row.Task)],
            tasks is [var first, ..] ? first.Count : 0);
    }
}
