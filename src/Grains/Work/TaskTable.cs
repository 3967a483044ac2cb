using AX2Caption.Grains.Database;
using Npgsql;

namespace AX2Caption.Grains.Work;

/// <summary>
/// What owners of tasks do to them, inside the owners' own transaction. What is said of a claimed task is guarded by its
/// lease, so that a report of an earlier attempt changes nothing.
/// </summary>
internal static class TaskTable
{
    /// <summary>
    /// Where who comes new begins: with the furthest of those that were served in the last seconds. Whoever is at the limit of tasks at
    /// work lags behind, and is no measure.
    /// </summary>
    public const string TimeOfNow = """
        coalesce((select max(virtual_time) from work_share where used_at > now() - interval '5 seconds'), (select min(virtual_time) from work_share), 0)
        """;

    /// <summary>Queues tasks, and sees to it that their accounts get a share of the workers.</summary>
    public static void Insert(SqlBatch batch, IReadOnlyList<NewTask> tasks)
    {
        if (tasks.Count == 0)
        {
            return;
        }

        batch.Execute(
            $"""
            with new as materialized (
                select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::int[], $7::text[], $8::boolean[], $9::float8[], $10::timestamptz[])
                    as t (task_id, kind, account_id, video_id, job_id, ordinal, input, urgent, cost, since)),
            queued as (
                insert into task (task_id, kind, account_id, video_id, job_id, ordinal, input, urgent, cost, since, state)
                select task_id, kind, account_id, video_id, job_id, ordinal, input::jsonb, urgent, cost, since, 'queued' from new)
            insert into work_share (account_id, virtual_time)
            select account_id, {TimeOfNow} from new
            where not exists (select from work_share known where known.account_id = new.account_id)
            group by account_id order by account_id
            on conflict (account_id) do nothing
            """,
            [
                tasks.Select(_ => Guid.CreateVersion7()).ToArray(),
                tasks.Select(task => StoredName.Of(task.Input.Kind)).ToArray(),
                tasks.Select(task => task.AccountId).ToArray(),
                tasks.Select(task => task.VideoId).ToArray(),
                tasks.Select(task => task.JobId).ToArray(),
                tasks.Select(task => task.Ordinal).ToArray(),
                tasks.Select(task => task.Input.ToJson()).ToArray(),
                tasks.Select(task => task.Priority.IsUrgent).ToArray(),
                tasks.Select(task => task.Input.Cost.TotalSeconds).ToArray(),
                tasks.Select(task => task.Priority.Since).ToArray(),
            ]);
    }

    /// <summary>Tasks have come to an account from another.</summary>
    public static Task ShareOut(NpgsqlConnection connection, Guid accountId) => connection.Execute(
        $"insert into work_share (account_id, virtual_time) values ($1, {TimeOfNow}) on conflict (account_id) do nothing",
        [accountId]);

    /// <summary>Writes one step.</summary>
    public static async Task<TaskReport> Report(NpgsqlConnection connection, TaskStep step) => (await connection.InOneGo(batch => Report(batch, [step])))[0];

    /// <summary>Writes steps of different tasks.</summary>
    /// <returns>What became of each, in their order.</returns>
    public static SqlAnswer<List<TaskReport>> Report(SqlBatch batch, IReadOnlyList<TaskStep> steps)
    {
        if (steps.Count == 0)
        {
            return new SqlAnswer<List<TaskReport>>(() => []);
        }

        // What is looked up is the task as it was before: one that is already as the step would have it has heard the step before.
        return batch.Read(
            """
            with step as materialized (
                select * from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::interval[], $8::interval[], $9::interval[], $10::boolean[]) with ordinality
                    as t (task_id, attempt, lease_token, state, result_key, failure_code, delay, at_least, grows_to, if_lapsed, place)),
            changed as (
                update task t
                set state = step.state,
                    -- In an outage, which is told by what the pause grows to, the attempt does not count.
                    attempt = t.attempt - (step.grows_to is not null)::int,
                    outages = case when step.grows_to is not null then t.outages + 1 else 0 end,
                    result_key = coalesce(step.result_key, t.result_key),
                    failure_code = coalesce(step.failure_code, t.failure_code),
                    available_at = case step.state
                        when 'queued' then now() + greatest(
                            step.at_least,
                            case when step.grows_to is null then step.delay else least(step.delay * power(2, least(t.outages, 20)), step.grows_to) end)
                        else t.available_at end,
                    lease_expires_at = case step.state when 'queued' then null else t.lease_expires_at end,
                    ended_at = case when step.state in ('done', 'failed') then now() end,
                    worker = null
                from step
                where t.task_id = step.task_id and t.attempt = step.attempt and t.lease_token = step.lease_token
                  and t.state = 'claimed' and step.state <> 'claimed'
                  and (not step.if_lapsed or t.lease_expires_at < now())
                returning t.task_id)
            select (step.task_id in (select task_id from changed)) is true,
                   exists (select from task t where t.task_id = step.task_id and t.attempt = step.attempt - (step.grows_to is not null)::int
                           and t.lease_token = step.lease_token and t.state = step.state),
                   step.state = 'claimed'
            from step
            order by step.place
            """,
            [
                steps.Select(step => step.Lease.TaskId).ToArray(),
                steps.Select(step => step.Lease.Attempt).ToArray(),
                steps.Select(step => step.Lease.Token).ToArray(),
                steps.Select(step => step.State).ToArray(),
                steps.Select(step => step.ResultKey).ToArray(),
                steps.Select(step => step.FailureCode).ToArray(),
                steps.Select(step => step.Pause?.Delay).ToArray(),
                steps.Select(step => step.Pause?.AtLeast).ToArray(),
                steps.Select(step => step.Pause?.GrowsTo).ToArray(),
                steps.Select(step => step.IfLapsed).ToArray(),
            ],
            row => (IsChanged: row.GetBoolean(0), IsSo: row.GetBoolean(1), IsBegun: row.GetBoolean(2)) switch
            {
                { IsChanged: true } or { IsSo: true, IsBegun: true } => TaskReport.Changed,
                { IsSo: true } => TaskReport.Repeated,
                _ => TaskReport.Stale,
            });
    }

    /// <summary>Ends whatever jobs still have queued or claimed; workers learn of it by their next heartbeat.</summary>
    public static void CancelAll(SqlBatch batch, IReadOnlyCollection<Guid> jobIds)
    {
        if (jobIds.Count > 0)
        {
            batch.Execute(
                "update task set state = 'canceled', ended_at = now(), worker = null where job_id = any ($1) and state in ('queued', 'claimed')",
                [jobIds.ToArray()]);
        }
    }

    /// <summary>Ends a video's probe if it is still to be done.</summary>
    public static Task CancelProbe(NpgsqlConnection connection, Guid videoId) =>
        connection.Execute(
            """
            update task set state = 'canceled', ended_at = now(), worker = null
            where video_id = $1 and kind = 'probe' and state in ('queued', 'claimed')
            """,
            [videoId]);
}
