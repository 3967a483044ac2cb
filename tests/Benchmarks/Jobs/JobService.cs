using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using AX2Caption.Benchmarks.Credits;
using AX2Caption.Grains;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Auditing;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Work;
using AX2Caption.Storage;
using AX2Caption.Testing;
using AX2Caption.Testing.Credits;
using AX2Caption.Testing.Postgres;
using HdrHistogram;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace AX2Caption.Benchmarks.Jobs;

/// <summary>One silo in this process, on a database of its own, whose workers have the instant engine.</summary>
internal sealed class JobService : IAsyncDisposable
{
    private const int Accounts = 200;
    private const int Slots = 64;
    private const long Plenty = 1_000_000_000;

    private readonly IHost host;
    private readonly TestDatabase database;
    private readonly EndedJobs ended;
    private readonly MeterListener listener = new();
    private readonly List<(Guid AccountId, Guid VideoId)> customers;
    private HistogramBase claims = Stretch.NewLatencies();

    private JobService(IHost host, TestDatabase database, EndedJobs ended, List<(Guid AccountId, Guid VideoId)> customers)
    {
        this.host = host;
        this.database = database;
        this.ended = ended;
        this.customers = customers;
        var meters = host.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == WorkMetrics.ClaimDuration && instrument.Meter.Scope == meters)
                listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => claims.RecordValue((long)(seconds * 1_000_000)));
        listener.Start();
    }

    private IGrainFactory Grains => host.Services.GetRequiredService<IGrainFactory>();

    public static async Task<JobService> Start(
        PostgresServer postgres, WorkFolder folder, string name, bool works, CancellationToken cancellationToken)
    {
        var database = await postgres.CreateDatabase(cancellationToken);
        var ended = new EndedJobs();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage:Root"] = folder.Folder(name),
            ["Worker:ScratchRoot"] = folder.Folder($"{name}-scratch"),
            ["Mail:Folder"] = folder.Folder($"{name}-mails"),
            ["Mail:PublicUrl"] = "http://127.0.0.1",
            ["Worker:Slots"] = $"{Slots}",
            ["Worker:PollInterval"] = "00:00:00.050",
            ["Jobs:MaximumLiveJobsPerAccount"] = "100000",
            ["Plans:Guest:MaximumTasksAtWork"] = "10000",
            ["Credits:MaximumOpenHoldsPerAccount"] = "10000000",
        });
        builder.Services.AddLogging();
        builder.Services.AddMetrics();
        builder.Services.AddNpgsqlDataSource(PooledConnection.Of(database.SiloConnectionString).ConnectionString);
        builder.Services.AddObjectStore();
        builder.Services.AddWriters(database.SiloConnectionString);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(FreePort.Find(), FreePort.Find())
            .AddMemoryGrainStorageAsDefault()
            .UseInMemoryReminderService()
            .AddIncomingGrainCallFilter(ended)
            .AddGrainCallFilters());
        builder.Services.AddGrainServices();
        builder.Services.AddCoreRole();
        if (works)
        {
            builder.Services.AddWorker(isCore: true);
            foreach (var kind in (TaskKind[])[TaskKind.Prepare, TaskKind.Transcribe, TaskKind.Compose])
                builder.Services.AddSingleton<ITaskHandler>(new InstantTasks(kind));
            // It opens no media and asks no engine.
            builder.Services.AddSingleton(new WorkerPrerequisites([]));
        }

        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        var accounts = await OpenedAccounts.Open(database, Accounts, Plenty, cancellationToken);
        return new JobService(host, database, ended, await AddVideos(database, accounts, cancellationToken));
    }

    /// <summary>Runs whole lives of jobs, so many at a time; what ends while it warms up, or after the end, is not measured.</summary>
    public async Task<LifeCycles> Run(int inFlight, TimeSpan warmUp, TimeSpan duration, CancellationToken cancellationToken)
    {
        var latencies = Stretch.NewLatencies();
        claims = Stretch.NewLatencies();
        var from = Stopwatch.GetTimestamp() + (long)(warmUp.TotalSeconds * Stopwatch.Frequency);
        var until = from + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(Call, cancellationToken)));
        return new LifeCycles(new Stretch(duration, latencies), claims);

        async Task Call()
        {
            for (var start = Stopwatch.GetTimestamp(); start < until; start = Stopwatch.GetTimestamp())
            {
                cancellationToken.ThrowIfCancellationRequested();
                var jobId = Guid.CreateVersion7();
                var end = ended.Of(jobId);
                await Submit(jobId);
                await end.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
                var now = Stopwatch.GetTimestamp();
                if (now >= from && now < until)
                    latencies.RecordValue((long)Stopwatch.GetElapsedTime(start, now).TotalMicroseconds);
            }
        }
    }

    /// <summary>Submits jobs that nobody works on.</summary>
    /// <returns>Managed bytes that each keeps alive.</returns>
    public async Task<double> MeasureBytes(int jobs, CancellationToken cancellationToken)
    {
        // What the first of their kind bring along is there before.
        await SubmitMany(jobs / 10);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await SubmitMany(jobs);
        return (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)jobs;

        Task SubmitMany(int count) => Parallel.ForEachAsync(
            Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = cancellationToken },
            async (_, _) => await Submit(Guid.CreateVersion7()));
    }

    /// <summary>Puts finished jobs into the tables, with their tasks, holds and entries, as if the service had run for long.</summary>
    public async Task AddHistory(int jobs, CancellationToken cancellationToken)
    {
        const string Sql = """
            create temporary table past as
            select md5('job' || i)::uuid as job_id, (array_agg(v.account_id))[1] as account_id, (array_agg(v.video_id))[1] as video_id, i,
                   now() - i * interval '1 second' as at
            from generate_series(1, $1) i join (select *, row_number() over () as n from video) v on v.n = 1 + i % (select count(*) from video)
            group by i;
            """;
        var connection = new NpgsqlConnectionStringBuilder(database.OwnerConnectionString) { CommandTimeout = 600 };
        await using var owner = NpgsqlDataSource.Create(connection.ConnectionString);
        await using var session = await owner.OpenConnectionAsync(cancellationToken);
        await session.Execute(Sql.Replace("$1", jobs.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal), [], cancellationToken);
        foreach (var statement in History)
            await session.Execute(statement, [], cancellationToken);
        // As tables that grew this long would have been long since.
        await session.Execute("vacuum analyze caption_job, task, stored_object, credit_account, credit_hold, credit_entry", [], cancellationToken);
    }

    /// <summary>What is broken in the tables; nothing may be. The instant engine stores nothing, which is no finding here.</summary>
    public async Task<IReadOnlyList<Violation>> Audit(CancellationToken cancellationToken) =>
        [.. (await host.Services.GetRequiredService<Auditor>().Audit(cancellationToken)).Where(found => found.Rule != "row_has_object")];

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await host.StopAsync();
        host.Dispose();
    }

    private async Task Submit(Guid jobId)
    {
        var (accountId, videoId) = customers[Random.Shared.Next(customers.Count)];
        var result = await Grains.GetGrain<ICaptionJobGrain>(jobId).Submit(new SubmitJob(accountId, videoId, "en", Profile: null));
        if (result is not SubmitJobResult.Accepted)
            throw new InvalidOperationException($"A job that must be accepted was not: {result}");
    }

    private static async Task<List<(Guid AccountId, Guid VideoId)>> AddVideos(
        TestDatabase database, IReadOnlyList<Guid> accounts, CancellationToken cancellationToken)
    {
        const string Sql = """
            with added as (
                insert into video (video_id, account_id, version, state, file_name, object_key, length, sha256, media, created_at, changed_at, expires_at)
                select gen_random_uuid(), account_id, 1, 'ready', 'talk.mp4', 'videos/' || account_id, 1, sha256('a'),
                       '{"Duration": "00:00:30", "Container": "mp4", "Streams": [{"Index": 0, "Kind": "audio", "Codec": "aac"}], "AudioStream": 0}',
                       now(), now(), now() + interval '7 days'
                from unnest($1::uuid[]) as account_id
                returning video_id, account_id, object_key),
            stored as (
                insert into stored_object (object_key, video_id, length, sha256, created_at)
                select object_key, video_id, 1, sha256('a'), now() from added)
            select account_id, video_id from added
            """;
        await using var owner = NpgsqlDataSource.Create(database.OwnerConnectionString);
        return await owner.Read(Sql, [accounts.ToArray()], row => (row.GetGuid(0), row.GetGuid(1)), cancellationToken);
    }

    private static readonly string[] History =
    [
        """
        insert into caption_job (job_id, account_id, video_id, version, state, stage, language, profile, request_hash, price, credit_state, duration_ms,
                                 chunks_done, chunks_total, output_prefix, has_work_files, deadline_at, created_at, started_at, ended_at)
        select job_id, account_id, video_id, 6, 'succeeded', 'compose', 'en', 'netflix-en', sha256('a'), 1, 'settled', 30000,
               1, 1, 'jobs/' || job_id || '/output/', false, at + interval '1 day', at, at, at from past
        """,
        """
        insert into task (task_id, kind, account_id, video_id, job_id, input, state, attempt, lease_token, lease_expires_at, result_key, ended_at, since)
        select gen_random_uuid(), kind, account_id, video_id, job_id, '{}', 'done', 1, gen_random_uuid(), at, 'jobs/' || job_id, at, at
        from past, unnest(array['prepare', 'transcribe', 'compose']) kind
        """,
        """
        insert into stored_object (object_key, video_id, job_id, length, sha256, created_at)
        select 'jobs/' || job_id || '/output/transcript.json', video_id, job_id, 1, sha256('a'), at from past
        """,
        """
        insert into credit_hold (account_id, hold_id, amount, state, expires_at)
        select account_id, job_id, 1, 'settled', at + interval '12 hours' from past
        """,
        """
        with line as materialized (
            select account_id, job_id, ends, row_number() over (partition by account_id order by i, ends) as place, at from past, generate_series(0, 1) ends),
        moved as (
            update credit_account a set seq = a.seq + used.lines, available = a.available - used.lines / 2
            from (select account_id, count(*) as lines from line group by account_id) used where used.account_id = a.account_id
            returning a.account_id, a.seq - used.lines as before, a.available + used.lines / 2 as had)
        insert into credit_entry (account_id, seq, op_id, kind, hold_id, amount, available_after, reserved_after, request_hash, reason, at, expires_at)
        select account_id, before + place, md5(job_id::text || ends)::uuid, case ends when 0 then 'reserve' else 'settle' end, job_id, 1,
               had - (place + 1) / 2, 1 - ends, sha256(uuid_send(job_id)), 'A job.', at, case ends when 0 then at + interval '12 hours' end
        from line join moved using (account_id)
        """,
    ];
}

/// <summary>Lives of jobs that ended within a stretch, and how long claims took, in microseconds.</summary>
internal sealed record LifeCycles(Stretch Jobs, HistogramBase Claims)
{
    public double ClaimMilliseconds(double percentile) => Claims.GetValueAtPercentile(percentile) / 1000.0;

    public LifeCycles And(LifeCycles other)
    {
        var claims = Stretch.NewLatencies();
        claims.Add(Claims);
        claims.Add(other.Claims);
        return new LifeCycles(Jobs.And(other.Jobs), claims);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Jobs}; a claim p50 {ClaimMilliseconds(50):0.00} ms, p99 {ClaimMilliseconds(99):0.00} ms");
}
