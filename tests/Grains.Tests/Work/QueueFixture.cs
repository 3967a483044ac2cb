using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Plans;
using AX2Caption.Grains.Tests.Database;
using AX2Caption.Grains.Work;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Grains.Tests.Work;

/// <summary>The queue alone, on a database of its own.</summary>
internal sealed class QueueFixture : IAsyncDisposable
{
    public static readonly WorkerIdentity Worker = new("worker", IsCore: false);

    private readonly ServiceProvider services;

    private readonly WorkDatabase work;

    private QueueFixture(string connectionString, Dictionary<string, string?> settings)
    {
        work = new WorkDatabase(connectionString);
        Database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 4 });
        services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddPlans()
            .BuildServiceProvider();
        Queue = new TaskQueue(work, services.GetRequiredService<Grains.Plans.Plans>(), Options.Create(new WorkOptions { LeaseDuration = TimeSpan.FromMinutes(5) }));
    }

    public NpgsqlDataSource Database { get; }

    public TaskQueue Queue { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<QueueFixture> Create(PostgresFixture postgres, params (string Key, string Value)[] settings)
    {
        var created = await postgres.Server.CreateDatabase(Ct);
        return new QueueFixture(
            created.SiloConnectionString,
            settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
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
            await TaskTable.Insert(connection, tasks);
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

    public async Task<long> Count(string from) =>
        (await Database.Read($"select count(*) from {from}", [], row => row.GetInt64(0), Ct)).Single();
}
