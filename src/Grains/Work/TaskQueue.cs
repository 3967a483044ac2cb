using System.Collections.Concurrent;
using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Database;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Grains.Work;

/// <summary>
/// What workers do to tasks: claim, keep, hand back. Leases run by the database's clock only. Accounts get of the workers
/// what their weights say, whoever has queued how much: each task has a time, in seconds of media that its account was served
/// by then, and the earliest is next.
/// </summary>
internal sealed partial class TaskQueue(WorkDatabase work, Plans.Plans plans, IOptions<WorkOptions> options, ILogger<TaskQueue> logger)
{
    /// <summary>Tasks more than are asked for that a claim looks at, to go on with where another has them.</summary>
    private const int Spare = 8;

    /// <summary>Of so many tasks that cannot be read it is known that it was said.</summary>
    private const int MaximumUnknown = 1000;

    private static readonly string ClaimAnySql = ClaimSql("true");
    private static readonly string ClaimUrgentSql = ClaimSql("t.urgent");

    private readonly NpgsqlDataSource database = work.Source;
    private readonly AccountKind[] kinds = Enum.GetValues<AccountKind>();
    private readonly ConcurrentDictionary<Guid, bool> unknown = new();

    /// <summary>Claims up to <paramref name="limit"/> queued tasks. Those that cannot be read go back, to rest.</summary>
    /// <param name="worker">Who works on them.</param>
    /// <param name="lane">Which tasks.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">A claim that commits unseen waits for its lease to run out.</param>
    public async Task<List<ClaimedTask>> Claim(WorkerIdentity worker, Lane lane, int limit, CancellationToken cancellationToken)
    {
        var (claimed, unreadable) = await ClaimAll(worker, lane, limit, cancellationToken);
        if (unreadable.Count > 0)
        {
            await HandBackUnknown(unreadable, cancellationToken);
        }

        return claimed;
    }

    private async Task<(List<ClaimedTask> Claimed, List<TaskLease> Unreadable)> ClaimAll(
        WorkerIdentity worker, Lane lane, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        // One transaction. A claim that a crash of PostgreSQL takes back was never made; whoever works on it has no lease then.
        // Shares are read in the order of their index, and only as many as are needed.
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "select set_config('synchronous_commit', 'off', true), set_config('enable_sort', 'off', true)"));
        var claim = new NpgsqlBatchCommand(lane == Lane.Urgent ? ClaimUrgentSql : ClaimAnySql);
        object[] values =
        [
            worker.Name, limit, options.Value.LeaseDuration, kinds.Select(StoredName.Of).ToArray(),
            kinds.Select(kind => plans.Of(kind).Weight).ToArray(), kinds.Select(kind => plans.Of(kind).MaximumTasksAtWork).ToArray(),
            worker.IsCore, options.Value.WorkerGoneAfter,
        ];
        foreach (var value in values)
        {
            claim.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        batch.BatchCommands.Add(claim);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var (claimed, unreadable) = (new List<ClaimedTask>(), new List<TaskLease>());
        while (await reader.ReadAsync(cancellationToken))
        {
            var lease = new TaskLease(reader.GetGuid(0), reader.GetInt32(1), reader.GetGuid(2));
            if (TaskInput.TryParse(reader.GetString(6)) is { } input)
            {
                claimed.Add(new ClaimedTask(lease, reader.GetGuid(3), reader.Nullable<Guid>(4), reader.GetInt32(5), input));
            }
            else
            {
                unreadable.Add(lease);
            }
        }

        return (claimed, unreadable);
    }

    private async Task HandBackUnknown(IReadOnlyList<TaskLease> leases, CancellationToken cancellationToken)
    {
        if (unknown.Count > MaximumUnknown)
        {
            unknown.Clear();
        }

        foreach (var lease in leases.Where(lease => unknown.TryAdd(lease.TaskId, true)))
        {
            LogUnknown(lease.TaskId);
        }

        try
        {
            await HandBack(leases, options.Value.UnknownTaskDelay, cancellationToken);
        }
        catch (Exception fault) when (Transient.Is(fault))
        {
            // What else was claimed is to be worked on; these leases run out.
            LogHandBackFailed(fault);
        }
    }

    /// <summary>Whether a task is due. If none could be claimed all the same, its account has its fill, or another worker was just claiming.</summary>
    public async Task<bool> HasDue(CancellationToken cancellationToken) => (await database.Read(
        "select exists (select from task where state = 'queued' and available_at <= now())", [], row => row.GetBoolean(0), cancellationToken))[0];

    /// <summary>
    /// Forgets accounts that have had no work for a while, and gives those with work that have no share one. It steps from account to
    /// account, however many tasks each has, and leaves out shares that a claim holds.
    /// </summary>
    public Task<int> TendShares(CancellationToken cancellationToken) => database.Execute(
        $"""
        with recursive busy (account_id) as (
            (select account_id from task where state = 'queued' order by account_id limit 1)
            union all
            select (select t.account_id from task t where t.state = 'queued' and t.account_id > busy.account_id order by t.account_id limit 1)
            from busy where busy.account_id is not null),
        idle as materialized (
            select s.account_id from work_share s
            where s.used_at < now() - interval '30 seconds'
              and (select true from task t where t.account_id = s.account_id and t.state = 'queued' limit 1) is null
              and (select true from task t where t.account_id = s.account_id and t.state = 'claimed' limit 1) is null
            for update of s skip locked),
        forgotten as (delete from work_share s using idle where s.account_id = idle.account_id)
        insert into work_share (account_id, virtual_time)
        select account_id, {TaskTable.TimeOfNow} from busy
        where account_id is not null and (select true from work_share s where s.account_id = busy.account_id) is null
        on conflict (account_id) do nothing
        """,
        [],
        cancellationToken);

    /// <summary>
    /// Says that the worker lives and renews its leases, all in one statement, but for those of tasks that are just being reported:
    /// it waits for nobody, and nobody for it. One that is unfit counts as gone, so that others do not leave the work to it.
    /// </summary>
    /// <returns>The tokens of the leases that still hold; work under any other must stop.</returns>
    public async Task<HashSet<Guid>> Heartbeat(
        WorkerIdentity worker, IReadOnlyCollection<TaskLease> leases, CancellationToken cancellationToken, bool isUnfit = false)
    {
        const string Sql = """
            with alive as (
                insert into worker (worker, slots, is_core, seen_at) select $1, $2, $7, now() where not $8
                on conflict (worker) do update set slots = excluded.slots, is_core = excluded.is_core, seen_at = excluded.seen_at),
            gone as (delete from worker where worker = $1 and $8),
            mine as materialized (
                select * from unnest($3::uuid[], $4::int[], $5::uuid[]) as l (task_id, attempt, lease_token)),
            free as materialized (
                select t.task_id from mine join task t using (task_id, attempt, lease_token) where t.state = 'claimed' for update of t skip locked),
            renewed as (
                update task t set lease_expires_at = now() + $6::interval from free where t.task_id = free.task_id)
            select lease_token from mine join task t using (task_id, attempt, lease_token) where t.state = 'claimed'
            """;
        var kept = await database.Read(
            Sql,
            [
                worker.Name, options.Value.EffectiveSlots, leases.Select(l => l.TaskId).ToArray(), leases.Select(l => l.Attempt).ToArray(),
                leases.Select(l => l.Token).ToArray(), options.Value.LeaseDuration, worker.IsCore, isUnfit,
            ],
            row => row.GetGuid(0),
            cancellationToken);
        return [.. kept];
    }

    /// <summary>Gives claimed tasks back as if they had never been claimed: the attempt does not count.</summary>
    public Task<int> HandBack(IReadOnlyCollection<TaskLease> leases, CancellationToken cancellationToken) =>
        HandBack(leases, TimeSpan.Zero, cancellationToken);

    /// <summary>Locks the tasks in the order of their ids, as any two that hand back do; who meets others all the same does it again.</summary>
    private Task<int> HandBack(IReadOnlyCollection<TaskLease> leases, TimeSpan rest, CancellationToken cancellationToken)
    {
        const string Sql = """
            with mine as materialized (
                select t.task_id
                from unnest($1::uuid[], $2::int[], $3::uuid[]) as l (task_id, attempt, lease_token) join task t using (task_id, attempt, lease_token)
                where t.state = 'claimed'
                order by t.task_id
                for update of t)
            update task t
            set state = 'queued', attempt = t.attempt - 1, available_at = now() + $4::interval, worker = null, lease_token = null, lease_expires_at = null
            from mine where t.task_id = mine.task_id
            """;
        object[] values =
        [
            leases.Select(l => l.TaskId).ToArray(), leases.Select(l => l.Attempt).ToArray(), leases.Select(l => l.Token).ToArray(), rest,
        ];
        return database.Transact(connection => connection.Execute(Sql, values, cancellationToken), cancellationToken);
    }

    /// <summary>Whether what is said under a lease counts or has counted.</summary>
    public async Task<bool> MayCount(TaskLease lease) => (await database.Read(
        "select exists (select from task where task_id = $1 and lease_token = $2 and state in ('claimed', 'done'))",
        [lease.TaskId, lease.Token],
        row => row.GetBoolean(0))).Single();

    /// <summary>A worker stops for good.</summary>
    public Task SignOff(WorkerIdentity worker, CancellationToken cancellationToken) =>
        database.Execute("delete from worker where worker = $1", [worker.Name], cancellationToken);

    /// <summary>Forgets workers that nobody has heard of for a day: they were killed, and none of that name comes back.</summary>
    public Task<int> ForgetWorkers(CancellationToken cancellationToken) =>
        database.Execute("delete from worker where seen_at < now() - interval '1 day'", [], cancellationToken);

    /// <summary>
    /// Forgets ended tasks that were queued before <paramref name="queuedBefore"/>: of an ended job that has such a task, all tasks.
    /// Core silos may do that at once; whoever meets another does it again.
    /// </summary>
    public Task<int> ForgetEnded(DateTimeOffset queuedBefore, int limit, CancellationToken cancellationToken)
    {
        const string Sql = """
            with old as materialized (
                select t.task_id, t.job_id from task t
                -- The id says when it was drawn.
                where t.task_id < $1 and t.state in ('done', 'failed', 'canceled')
                  and not exists (select from caption_job j where j.job_id = t.job_id and j.ended_at is null)
                order by t.task_id
                limit $2)
            delete from task where task_id in (
                select task_id from old where job_id is null
                union all
                select t.task_id from task t where t.job_id in (select job_id from old))
            """;
        object[] values = [Guid.CreateVersion7(queuedBefore), limit];
        return database.Transact(connection => connection.Execute(Sql, values, cancellationToken), cancellationToken);
    }

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

    /// <summary>
    /// Takes accounts from the one that has used least, those that have their fill left out, and of their tasks those with the
    /// earliest time. Of the tasks it locks those alone that it takes, one after the other, and passes over what others have, or have
    /// had since it looked. A worker that also runs grains gets nothing while there are others.
    /// </summary>
    private static string ClaimSql(string which) => $"""
        with candidate as materialized (
            select s.account_id, s.virtual_time, plan.weight, plan.cap - busy.tasks as room
            from work_share s
            join account a on a.account_id = s.account_id
            join unnest($4::text[], $5::float8[], $6::int[]) as plan (kind, weight, cap) on plan.kind = a.kind
            cross join lateral (
                select count(*) as tasks from (
                    select from task c where c.account_id = s.account_id and c.state = 'claimed' limit plan.cap) counted) busy
            where busy.tasks < plan.cap
              and (select true from task t
                   where t.account_id = s.account_id and t.state = 'queued' and t.available_at <= now() and {which} limit 1)
              and not ($7 and exists (select from worker w where not w.is_core and w.seen_at > now() - $8::interval))
            order by s.virtual_time
            limit $2
            for update of s skip locked),
        first as materialized (
            select c.account_id, c.virtual_time, c.weight, next.*
            from candidate c cross join lateral (
                select t.task_id, t.cost, t.urgent, t.since, t.ordinal from task t
                where t.account_id = c.account_id and t.state = 'queued' and t.available_at <= now() and {which}
                order by t.urgent desc, t.since, t.ordinal
                -- Also of use where another claim has committed since this one began to count: it took of these same tasks, which are then passed over.
                limit least($2 + {Spare}, c.room)) next),
        timed as (
            select task_id, account_id, cost / weight as charge,
                   virtual_time + (sum(cost) over (partition by account_id order by urgent desc, since, ordinal, task_id) - cost) / weight as due
            from first),
        earliest as materialized (select * from timed order by due limit $2 + {Spare}),
        chosen as materialized (
            select e.* from earliest e join task t on t.task_id = e.task_id
            -- Found by its id, and by no index that these could be looked up in.
            where (t.account_id = e.account_id and t.state = 'queued' and t.available_at <= now() and {which}) is true
            order by e.due
            limit $2
            for update of t skip locked),
        charged as (
            update work_share s set virtual_time = s.virtual_time + used.charge, used_at = now()
            from (select account_id, sum(charge) as charge from chosen group by account_id) used
            where s.account_id = used.account_id)
        update task t
        set state = 'claimed', attempt = t.attempt + 1, worker = $1, lease_token = gen_random_uuid(), lease_expires_at = now() + $3::interval
        from chosen where t.task_id = chosen.task_id
        returning t.task_id, t.attempt, t.lease_token, t.video_id, t.job_id, t.ordinal, t.input
        """;

    [LoggerMessage(LogLevel.Error, "Task {TaskId} cannot be read by this worker; it is left to those that may know it.")]
    private partial void LogUnknown(Guid taskId);

    [LoggerMessage(LogLevel.Warning, "Tasks that cannot be read could not be handed back; their leases will run out instead.")]
    private partial void LogHandBackFailed(Exception fault);
}
