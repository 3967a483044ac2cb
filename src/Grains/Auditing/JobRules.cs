namespace AX2Caption.Grains.Auditing;

/// <summary>What must hold of jobs and their tasks.</summary>
internal static class JobRules
{
    public static IReadOnlyList<AuditRule> All { get; } =
    [
        // A job that failed may have lost its hold to an outage; one that succeeded must have been paid. A guest's ended holds
        // stay in the guest's ledger when the job becomes the member's.
        new("job_credit_matches_ledger", """
            select j.job_id::text, format('job %s/%s, hold %s', j.state, j.credit_state, coalesce(h.state, 'missing'))
            from caption_job j
            left join (select hold_id, state, coalesce(merged_into, account_id) as owner_id from credit_hold join account using (account_id)) h
                on h.owner_id = j.account_id and h.hold_id = j.job_id
            where case j.credit_state
                when 'held' then h.state is distinct from 'open'
                when 'settled' then h.state is distinct from 'settled'
                when 'released' then h.state is distinct from 'released'
                when 'lapsed' then j.state = 'succeeded' or h.state is distinct from 'expired'
                else h.state is null end
            """),
        new("job_is_alive", """
            select j.job_id::text, format('%s since %s without a task', j.state, j.created_at)
            from caption_job j
            where j.state in ('queued', 'processing')
              and not exists (select from task t where t.job_id = j.job_id and t.state in ('queued', 'claimed'))
            """),
        new("lease_is_alive", """
            select task_id::text, format('lease of %s ran out at %s', worker, lease_expires_at)
            from task where state = 'claimed' and lease_expires_at < now() - interval '1 minute'
            """),
        new("ended_job_has_no_task", """
            select t.task_id::text, format('%s of a job that is %s', t.state, j.state)
            from task t join caption_job j using (job_id)
            where j.ended_at is not null and t.state in ('queued', 'claimed')
            """),
        // The tasks of old jobs are forgotten, all at once.
        new("chunk_accepted_once", """
            select j.job_id::text, format('%s of %s counted, %s done', j.chunks_done, j.chunks_total, count(t.task_id))
            from caption_job j left join task t on t.job_id = j.job_id and t.kind = 'transcribe' and t.state = 'done'
            where exists (select from task kept where kept.job_id = j.job_id)
            group by j.job_id
            having count(t.task_id) <> j.chunks_done or (j.state = 'succeeded' and j.chunks_done <> j.chunks_total)
            """),
        new("done_task_has_attempt", """
            select task_id::text, format('done in attempt %s', attempt)
            from task where state = 'done' and (attempt < 1 or lease_token is null)
            """),
    ];
}
