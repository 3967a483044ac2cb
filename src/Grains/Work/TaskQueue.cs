using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Database;
using Npgsql;

namespace AX2Caption.Grains.Work;

/// <summary>What workers do to tasks: claim, keep, hand back. Leases run by the database's clock only.</summary>
internal sealed class TaskQueue(NpgsqlDataSource database)
{
    /// <summary>Claims up to <paramref name="limit"/> queued tasks, oldest first.</summary>
    public Task<List<ClaimedTask>> Claim(string worker, int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        const string Sql = """
            with next as materialized (
                select task_id from task
                where state = 'queued' and available_at <= now()
                order by available_at, task_id
                limit $2
                for update skip locked)
            update task t
            set state = 'claimed', attempt = t.attempt + 1, worker = $1, lease_token = gen_random_uuid(), lease_expires_at = now() + $3::interval
            from next where t.task_id = next.task_id
            returning t.task_id, t.attempt, t.lease_token, t.video_id, t.job_id, t.ordinal, t.input
            """;
        return database.Read(
            Sql,
            [worker, limit, lease],
            row => new ClaimedTask(
                new TaskLease(row.GetGuid(0), row.GetInt32(1), row.GetGuid(2)),
                row.GetGuid(3), row.Nullable<Guid>(4), row.GetInt32(5), TaskInput.Parse(row.GetString(6))),
            cancellationToken);
    }

    /// <summary>Says that the worker lives and renews its leases, all in one statement.</summary>
    /// <returns>The tasks that are still its own; work on any other must stop.</returns>
    public async Task<HashSet<Guid>> Heartbeat(
        string worker, int slots, IReadOnlyCollection<TaskLease> leases, TimeSpan lease, CancellationToken cancellationToken)
    {
        const string Sql = """
            with alive as (
                insert into worker (worker, slots, seen_at) values ($1, $2, now())
                on conflict (worker) do update set slots = excluded.slots, seen_at = excluded.seen_at),
            mine as (
                select * from unnest($3::uuid[], $4::int[], $5::uuid[]) as l (task_id, attempt, lease_token))
            update task t set lease_expires_at = now() + $6::interval
            from mine
            where t.task_id = mine.task_id and t.attempt = mine.attempt and t.lease_token = mine.lease_token and t.state = 'claimed'
            returning t.task_id
            """;
        var kept = await database.Read(
            Sql,
            [
                worker, slots, leases.Select(l => l.TaskId).ToArray(), leases.Select(l => l.Attempt).ToArray(),
                leases.Select(l => l.Token).ToArray(), lease,
            ],
            row => row.GetGuid(0),
            cancellationToken);
        return [.. kept];
    }

    /// <summary>Gives claimed tasks back as if they had never been claimed: the attempt does not count.</summary>
    public Task<int> HandBack(IReadOnlyCollection<TaskLease> leases, CancellationToken cancellationToken)
    {
        const string Sql = """
            update task t
            set state = 'queued', attempt = t.attempt - 1, available_at = now(), worker = null, lease_token = null, lease_expires_at = null
            from unnest($1::uuid[], $2::int[], $3::uuid[]) as l (task_id, attempt, lease_token)
            where t.task_id = l.task_id and t.attempt = l.attempt and t.lease_token = l.lease_token and t.state = 'claimed'
            """;
        return database.Execute(
            Sql,
            [leases.Select(l => l.TaskId).ToArray(), leases.Select(l => l.Attempt).ToArray(), leases.Select(l => l.Token).ToArray()],
            cancellationToken);
    }

    /// <summary>A worker stops for good.</summary>
    public Task SignOff(string worker, CancellationToken cancellationToken) =>
        database.Execute("delete from worker where worker = $1", [worker], cancellationToken);

    /// <summary>Claimed tasks whose lease ran out.</summary>
    public Task<List<LostTask>> Lost(int limit, CancellationToken cancellationToken) =>
        database.Read(
            """
            select task_id, attempt, lease_token, video_id, job_id from task
            where state = 'claimed' and lease_expires_at < now()
            order by lease_expires_at
            limit $1
            """,
            [limit],
            row => new LostTask(
                new TaskLease(row.GetGuid(0), row.GetInt32(1), row.GetGuid(2)), row.GetGuid(3), row.Nullable<Guid>(4)),
            cancellationToken);

    /// <summary>Results of a job's chunks in their order, and what each was of; a chunk without a result is missing.</summary>
    public Task<List<(string WordsKey, TaskInput.Transcribe Chunk)>> ChunkResults(Guid jobId, CancellationToken cancellationToken) =>
        database.Read(
            "select result_key, input from task where job_id = $1 and kind = 'transcribe' and state = 'done' order by ordinal",
            [jobId],
            row => (row.GetString(0), (TaskInput.Transcribe)TaskInput.Parse(row.GetString(1))),
            cancellationToken);

    /// <summary>Workers heard of within <paramref name="within"/>.</summary>
    public async Task<int> CountWorkers(TimeSpan within, CancellationToken cancellationToken)
    {
        var counts = await database.Read(
            "select count(*) from worker where seen_at > now() - $1::interval", [within], row => row.GetInt64(0), cancellationToken);
        return (int)counts.Single();
    }
}
