using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Time;
using Npgsql;

namespace AX2Caption.Grains.Jobs;

/// <summary>What changed among an account's jobs, told apart by the transactions that changed them.</summary>
internal sealed class JobFeedStore(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Ended jobs that one look brings, and those that ended in the same transaction as the last of them; the rest comes with the next.</summary>
    public const int Limit = 500;

    /// <summary>
    /// Every transaction below a position was over when that was given out, and what it changed was seen. Each of the others is at the
    /// position or beyond, whichever of them commits first. A position of the future was given out by another server, and so was a
    /// transaction of the future, which came out of a dump: neither says anything here.
    /// </summary>
    public async Task<JobChanges> Since(Guid accountId, long? position, CancellationToken cancellationToken)
    {
        var rows = await database.Read(
            $"""
            with horizon as materialized (
                select pg_snapshot_xmin(s)::text::bigint as xmin, pg_snapshot_xmax(s)::text::bigint as xmax from pg_current_snapshot() s),
            look as materialized (
                select xmin, xmax, case when $2::bigint <= xmin then $2::bigint end as position from horizon)
            select job.*, look.xmin from look left join lateral (
                (select {JobTable.Columns}, ended_xact from caption_job
                 where account_id = $1 and ended_xact >= look.position and ended_xact < look.xmax
                 order by ended_xact
                 fetch first {Limit} rows with ties)
                union all
                (select {JobTable.Columns}, null from caption_job
                 where account_id = $1 and state in ('queued', 'processing')
                   and (look.position is null or (changed_xact >= look.position and changed_xact < look.xmax)))) job on true
            """,
            [accountId, position],
            row => (Job: row.IsDBNull(0) ? null : JobTable.Row(row), EndedBy: row.Nullable<long>(JobTable.Width), Horizon: row.GetInt64(JobTable.Width + 1)),
            cancellationToken);
        var now = time.UtcNow();
        var ended = rows.Where(row => row.EndedBy is not null).ToList();
        var horizon = rows[0].Horizon;
        return new JobChanges(
            [.. rows.Select(row => row.Job).OfType<CaptionJob>().Select(job => job.SnapshotAt(now))],
            ended.Count >= Limit ? Math.Min(horizon, ended.Max(row => row.EndedBy!.Value) + 1) : horizon);
    }
}
