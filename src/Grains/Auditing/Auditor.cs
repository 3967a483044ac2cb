using AX2Caption.Grains.Database;
using AX2Caption.Storage;
using Npgsql;

namespace AX2Caption.Grains.Auditing;

/// <summary>
/// Checks the whole book against what must hold after any crash. It only reads, from one snapshot for the tables; it is
/// exact on a service at rest, and on a busy one an object may be reported that is being written or deleted right now.
/// </summary>
public sealed class Auditor(NpgsqlDataSource database, IObjectStore objects)
{
    /// <summary>Each rule's statement answers one row for every violation: subject and detail.</summary>
    private static readonly (string Rule, string Sql)[] Rules =
    [
        ("ledger_without_gap", """
            select a.account_id::text, format('seq %s, entries %s, highest %s', a.seq, count(e.seq), coalesce(max(e.seq), 0))
            from credit_account a left join credit_entry e using (account_id)
            group by a.account_id, a.seq
            having count(e.seq) <> a.seq or coalesce(max(e.seq), 0) <> a.seq
            """),
        ("ledger_ends_at_balance", """
            select a.account_id::text, format('account %s/%s, last entry %s/%s', a.available, a.reserved, e.available_after, e.reserved_after)
            from credit_account a join credit_entry e on e.account_id = a.account_id and e.seq = a.seq
            where (a.available, a.reserved) is distinct from (e.available_after, e.reserved_after)
            """),
        ("ledger_adds_up", """
            select e.account_id::text, format('entry %s of kind %s does not follow from entry %s', e.seq, e.kind, e.seq - 1)
            from (select *,
                         available_after - lag(available_after, 1, 0::bigint) over w as available_moved,
                         reserved_after - lag(reserved_after, 1, 0::bigint) over w as reserved_moved
                  from credit_entry window w as (partition by account_id order by seq)) e
            left join credit_hold h using (account_id, hold_id)
            where (available_moved, reserved_moved) is distinct from (case e.kind
                when 'grant' then (e.amount, 0::bigint)
                when 'reserve' then (-e.amount, e.amount)
                when 'settle' then (h.amount - e.amount, -h.amount)
                else (h.amount, -h.amount) end)
            """),
        ("reserved_is_open_holds", """
            select a.account_id::text, format('reserved %s, open holds %s', a.reserved, coalesce(sum(h.amount), 0))
            from credit_account a left join credit_hold h on h.account_id = a.account_id and h.state = 'open'
            group by a.account_id, a.reserved
            having a.reserved <> coalesce(sum(h.amount), 0)
            """),
        ("hold_ends_once", """
            select h.hold_id::text, format('%s with %s ending entries', h.state, count(e.seq))
            from credit_hold h
            left join credit_entry e on e.account_id = h.account_id and e.hold_id = h.hold_id and e.kind in ('settle', 'release', 'expire')
            group by h.account_id, h.hold_id, h.state
            having count(e.seq) <> case h.state when 'open' then 0 else 1 end
               or max(case e.kind when 'settle' then 'settled' when 'release' then 'released' when 'expire' then 'expired' end) <> h.state
            """),
        ("job_credit_matches_ledger", """
            select j.job_id::text, format('job %s/%s, hold %s', j.state, j.credit_state, coalesce(h.state, 'missing'))
            from caption_job j left join credit_hold h on h.account_id = j.account_id and h.hold_id = j.job_id
            where case j.credit_state
                when 'held' then h.state is distinct from 'open'
                when 'settled' then h.state is distinct from 'settled'
                when 'released' then h.state is distinct from 'released'
                when 'lapsed' then true
                else h.state is null end
            """),
        ("job_is_alive", """
            select j.job_id::text, format('%s since %s without a task', j.state, j.created_at)
            from caption_job j
            where j.state in ('queued', 'processing')
              and not exists (select from task t where t.job_id = j.job_id and t.state in ('queued', 'claimed'))
            """),
        ("lease_is_alive", """
            select task_id::text, format('lease of %s ran out at %s', worker, lease_expires_at)
            from task where state = 'claimed' and lease_expires_at < now() - interval '1 minute'
            """),
        ("ended_job_has_no_task", """
            select t.task_id::text, format('%s of a job that is %s', t.state, j.state)
            from task t join caption_job j using (job_id)
            where j.ended_at is not null and t.state in ('queued', 'claimed')
            """),
        ("chunk_accepted_once", """
            select j.job_id::text, format('%s of %s counted, %s done', j.chunks_done, j.chunks_total, count(t.task_id))
            from caption_job j left join task t on t.job_id = j.job_id and t.kind = 'transcribe' and t.state = 'done'
            group by j.job_id
            having count(t.task_id) <> j.chunks_done or (j.state = 'succeeded' and j.chunks_done <> j.chunks_total)
            """),
        ("done_task_has_attempt", """
            select task_id::text, format('done in attempt %s', attempt)
            from task where state = 'done' and (attempt < 1 or lease_token is null)
            """),
    ];

    /// <summary>Every violation found; none is the only good answer.</summary>
    public async Task<IReadOnlyList<Violation>> Audit(CancellationToken cancellationToken = default)
    {
        var violations = new List<Violation>();
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await using var snapshot = await connection.BeginTransactionAsync(
                System.Data.IsolationLevel.RepeatableRead, cancellationToken);
            foreach (var (rule, sql) in Rules)
            {
                violations.AddRange(await connection.Read(
                    sql, [], row => new Violation(rule, row.GetString(0), row.GetString(1)), cancellationToken));
            }
        }

        violations.AddRange(await AuditObjects(cancellationToken));
        return violations;
    }

    private async Task<IEnumerable<Violation>> AuditObjects(CancellationToken cancellationToken)
    {
        var violations = new List<Violation>();
        var expected = await ExpectedObjects(cancellationToken);
        var owned = await OwnedPrefixes(cancellationToken);
        await foreach (var stored in objects.List("", cancellationToken))
        {
            expected.Remove(stored.Key);
            if (!OwnersOf(stored.Key).Any(owned.Contains))
            {
                violations.Add(new Violation("object_has_owner", stored.Key, $"{stored.Length} bytes that belong to no living row"));
            }
        }

        return violations.Concat(expected.Select(key => new Violation("row_has_object", key, "a row names it, the store lacks it")));
    }

    /// <summary>Objects without which a row's promise is broken.</summary>
    private async Task<HashSet<string>> ExpectedObjects(CancellationToken cancellationToken) => [.. await database.Read(
        """
        select object_key from video where state in ('probing', 'ready')
          and not exists (select from task t where t.video_id = video.video_id and t.kind = 'probe' and t.state = 'claimed')
        union all
        select output_prefix || name from caption_job
        cross join (values ('transcript.json'), ('captions.srt'), ('captions.vtt')) as output (name)
        where state = 'succeeded'
        """,
        [],
        row => row.GetString(0),
        cancellationToken)];

    /// <summary>The first part of each key that a row answers for, working files only as long as they are owed their deletion.</summary>
    private async Task<HashSet<string>> OwnedPrefixes(CancellationToken cancellationToken) => [.. await database.Read(
        """
        select 'incoming/' || video_id from video where state in ('uploading', 'probing') or object_key is not null
        union all select 'videos/' || video_id from video where object_key is not null
        union all select 'jobs/' || job_id || '/work' from caption_job where has_work_files
        union all select 'jobs/' || job_id || '/output' from caption_job where state = 'processing' or has_work_files
        union all select rtrim(output_prefix, '/') from caption_job where state = 'succeeded'
        """,
        [],
        row => row.GetString(0),
        cancellationToken)];

    private static IEnumerable<string> OwnersOf(string key) => key.Split('/') switch
    {
        ["jobs", var job, var area, var token, ..] => [$"jobs/{job}/{area}", $"jobs/{job}/{area}/{token}"],
        [var area, var id, ..] => [$"{area}/{id}"],
        _ => [key],
    };
}
