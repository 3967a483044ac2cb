using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Plans;
using AX2Caption.Grains.Tests.Database;
using AX2Caption.Grains.Tests.Transcription.OpenAi;
using AX2Caption.Grains.Work;
using AX2Caption.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Grains.Tests.Work;

/// <summary>The queue alone, on a database of its own.</summary>
internal sealed class QueueFixture : IAsyncDisposable
{
    public static readonly WorkerIdentity Worker = new("worker", IsCore: false);

    private readonly string ownerConnectionString;

    private readonly ServiceProvider services;

    private readonly WorkDatabase work;

    private readonly LoggerFactory loggers;

    private QueueFixture(string connectionString, string ownerConnectionString, Dictionary<string, string?> settings)
    {
        this.ownerConnectionString = ownerConnectionString;
        work = new WorkDatabase(connectionString, new JobWriterOptions().LockTimeout);
        Database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 4 });
        loggers = new LoggerFactory([Log]);
        services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddPlans()
            .BuildServiceProvider();
        Queue = new TaskQueue(
            work, services.GetRequiredService<Grains.Plans.Plans>(), Options.Create(new WorkOptions { LeaseDuration = TimeSpan.FromMinutes(5) }),
            loggers.CreateLogger<TaskQueue>());
    }

    public NpgsqlDataSource Database { get; }

    public TaskQueue Queue { get; }

    /// <summary>What the queue has said.</summary>
    public LogLines Log { get; } = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<QueueFixture> Create(PostgresFixture postgres, params (string Key, string Value)[] settings)
    {
        var created = await postgres.Server.CreateDatabase(Ct);
        return new QueueFixture(
            created.SiloConnectionString,
            created.OwnerConnectionString,
            settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        loggers.Dispose();
        work.Dispose();
        await Database.DisposeAsync();
    }

    public async Task<Guid> NewAccount(AccountKind kind = AccountKind.Guest)
    {
        var accountId = Guid.CreateVersion7();
        await Database.Execute(
            "insert into account (account_id, kind, created_at) values ($1, $2, now())", [accountId, StoredName.Of(kind)], Ct);
        return accountId;
    }

    public async Task<Guid> NewVideo(Guid accountId)
    {
        var videoId = Guid.CreateVersion7();
        await Database.Execute(
            "insert into video (video_id, account_id, version, state, file_name, created_at, changed_at) values ($1, $2, 1, 'deleted', 'a', now(), now())",
            [videoId, accountId],
            Ct);
        return videoId;
    }

    /// <summary>A job that is being transcribed, and its chunks, all queued.</summary>
    /// <returns>The chunks in their order.</returns>
    public async Task<List<Guid>> QueueChunks(Guid accountId, int count, int seconds = 30, bool isUrgent = false, DateTimeOffset? since = null)
    {
        var (videoId, jobId) = (await NewVideo(accountId), Guid.CreateVersion7());
        await Database.Execute(
            """
            insert into caption_job (job_id, account_id, video_id, version, state, stage, language, profile, request_hash, price, credit_state,
                                     duration_ms, chunks_total, has_work_files, deadline_at, created_at, started_at)
            values ($1, $2, $3, 1, 'processing', 'transcribe', 'en', 'any', sha256('a'), 1, 'held', 1, $4, true, now(), now(), now())
            """,
            [jobId, accountId, videoId, count],
            Ct);
        var priority = new TaskPriority(isUrgent, since ?? DateTimeOffset.UnixEpoch);
        await Insert([.. Enumerable.Range(0, count).Select(i => new NewTask(
            accountId, videoId, jobId, i, new TaskInput.Transcribe("audio", 0, seconds * 1000L, "en"), priority))]);
        return await Database.Read("select task_id from task where job_id = $1 order by ordinal", [jobId], row => row.GetGuid(0), Ct);
    }

    public Task<bool> Insert(IReadOnlyList<NewTask> tasks) => Database.Transact(
        async connection =>
        {
            await connection.InOneGo(batch => TaskTable.Insert(batch, tasks), Ct);
            return true;
        },
        Ct);

    public Task<List<ClaimedTask>> Claim(int limit, Lane lane = Lane.Any) => Queue.Claim(Worker, lane, limit, Ct);

    /// <summary>Claims one task after the other, as a worker with one slot does that is done with each at once.</summary>
    /// <returns>The account of each.</returns>
    public async Task<List<Guid>> ServeOneByOne(int count)
    {
        var served = new List<Guid>();
        for (var i = 0; i < count && await Claim(1) is [var task]; i++)
        {
            served.AddRange(await Database.Read("select account_id from task where task_id = $1", [task.Lease.TaskId], row => row.GetGuid(0), Ct));
            await Finish(task);
        }

        return served;
    }

    public Task<bool> Finish(ClaimedTask task) => Database.Transact(
        async connection => await TaskTable.Report(connection, TaskStep.Done(task.Lease, "result")) == TaskReport.Changed, Ct);

    /// <summary>Waits until the call waits for a lock; if it ends instead, the test fails.</summary>
    public Task Blocks(Task call)
    {
        const string Waiting =
            "pg_locks join pg_stat_activity using (pid) where not granted and datname = current_database() and wait_event_type = 'Lock'";
        return Polling.Until(
            async () =>
            {
                Assert.False(call.IsCompleted);
                return await Count(Waiting) > 0;
            },
            Ct);
    }

    /// <summary>Fails so many updates of tasks, as if others had been in their way.</summary>
    public async Task FailUpdatesOfTasks(string sqlState, int times)
    {
        await using var owner = NpgsqlDataSource.Create(ownerConnectionString);
        await owner.Execute(
            $"""
            create sequence failed_updates;
            grant usage on sequence failed_updates to ax2_silo;
            create function fail_update() returns trigger language plpgsql as $$
            begin
                if nextval('failed_updates') <= {times} then
                    raise exception 'met others' using errcode = '{sqlState}';
                end if;
                return new;
            end $$;
            create trigger fail_update before update on task for each row execute function fail_update();
            """,
            [],
            Ct);
    }

    public async Task<long> Count(string from) =>
        (await Database.Read($"select count(*) from {from}", [], row => row.GetInt64(0), Ct)).Single();
}
