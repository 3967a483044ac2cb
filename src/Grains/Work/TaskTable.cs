using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Database;
using Npgsql;

namespace AX2Caption.Grains.Work;

/// <summary>
/// What the owner of a task does to it, inside the owner's own transaction. Each statement is guarded by the lease, so
/// a report of an earlier attempt changes nothing.
/// </summary>
internal static class TaskTable
{
    public static async Task Insert(NpgsqlConnection connection, IEnumerable<NewTask> tasks)
    {
        const string Sql = """
            insert into task (task_id, kind, account_id, video_id, job_id, ordinal, input, state)
            values ($1, $2, $3, $4, $5::uuid, $6, $7::jsonb, 'queued')
            """;
        foreach (var task in tasks)
        {
            await connection.Execute(
                Sql,
                [
                    Guid.CreateVersion7(), StoredName.Of(task.Input.Kind), task.AccountId, task.VideoId, task.JobId, task.Ordinal,
                    task.Input.ToJson(),
                ]);
        }
    }

    /// <summary>Marks a task done.</summary>
    /// <param name="connection">In the owner's transaction.</param>
    /// <param name="lease">The reporter's right.</param>
    /// <param name="resultKey">The object that holds the result, if the task leaves one.</param>
    public static Task<TaskReport> Finish(NpgsqlConnection connection, TaskLease lease, string? resultKey) =>
        Change(
            connection,
            lease,
            """
            update task set state = 'done', result_key = $4::text, ended_at = now(), worker = null
            where task_id = $1 and attempt = $2 and lease_token = $3 and state = 'claimed'
            """,
            [resultKey],
            stateAfter: "done");

    /// <summary>Ends a task for good.</summary>
    public static Task<TaskReport> Fail(NpgsqlConnection connection, TaskLease lease, Failure failure) =>
        Change(
            connection,
            lease,
            """
            update task set state = 'failed', failure_code = $4, ended_at = now(), worker = null
            where task_id = $1 and attempt = $2 and lease_token = $3 and state = 'claimed'
            """,
            [failure.Code],
            stateAfter: "failed");

    /// <summary>Queues a task for another attempt.</summary>
    public static Task<TaskReport> Requeue(NpgsqlConnection connection, TaskLease lease, Failure failure, TimeSpan delay) =>
        Change(
            connection,
            lease,
            """
            update task set state = 'queued', failure_code = $4, available_at = now() + $5::interval, worker = null, lease_expires_at = null
            where task_id = $1 and attempt = $2 and lease_token = $3 and state = 'claimed'
            """,
            [failure.Code, delay],
            stateAfter: "queued");

    /// <summary>Whether the lease is valid; nothing changes in the task.</summary>
    public static async Task<TaskReport> Confirm(NpgsqlConnection connection, TaskLease lease) =>
        await connection.Read(
            "select 1 from task where task_id = $1 and attempt = $2 and lease_token = $3 and state = 'claimed'",
            [lease.TaskId, lease.Attempt, lease.Token],
            row => row.GetInt32(0)) is [_]
            ? TaskReport.Changed
            : TaskReport.Stale;

    /// <summary>Ends whatever a job still has queued or claimed; workers learn of it by their next heartbeat.</summary>
    public static Task CancelAll(NpgsqlConnection connection, Guid jobId) =>
        connection.Execute(
            "update task set state = 'canceled', ended_at = now(), worker = null where job_id = $1 and state in ('queued', 'claimed')",
            [jobId]);

    /// <summary>Ends a video's probe if it is still to be done.</summary>
    public static Task CancelProbe(NpgsqlConnection connection, Guid videoId) =>
        connection.Execute(
            """
            update task set state = 'canceled', ended_at = now(), worker = null
            where video_id = $1 and kind = 'probe' and state in ('queued', 'claimed')
            """,
            [videoId]);

    private static async Task<TaskReport> Change(
        NpgsqlConnection connection, TaskLease lease, string sql, object?[] values, string stateAfter)
    {
        object?[] guard = [lease.TaskId, lease.Attempt, lease.Token];
        if (await connection.Execute(sql, [.. guard, .. values]) == 1)
        {
            return TaskReport.Changed;
        }

        var repeated = await connection.Read(
            "select 1 from task where task_id = $1 and attempt = $2 and lease_token = $3 and state = $4",
            [.. guard, stateAfter],
            row => row.GetInt32(0));
        return repeated is [_] ? TaskReport.Repeated : TaskReport.Stale;
    }
}
