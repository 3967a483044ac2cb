using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Retention;
using AX2Caption.Grains.Time;
using AX2Caption.Grains.Work;
using Npgsql;

namespace AX2Caption.Grains.Jobs;

/// <summary>The table of jobs. A row is read and written under its lock together with the job's tasks, and its version moves with every write.</summary>
internal sealed class JobStore(NpgsqlDataSource database, TimeProvider time)
{
    private const string Columns = """
        job_id, account_id, video_id, version, state, stage, language, profile, request_hash, price, credit_state, duration_ms,
        chunks_done, chunks_total, output_prefix, failure_code, failure_message, has_work_files, deadline_at, created_at,
        started_at, ended_at, purged_at,
        (select v.expires_at from video v where v.video_id = caption_job.video_id and not v.pinned and v.state <> 'deleted'),
        detected_language
        """;

    public async Task<CaptionJob?> Load(Guid jobId, CancellationToken cancellationToken = default) =>
        (await database.Read($"select {Columns} from caption_job where job_id = $1", [jobId], Row, cancellationToken)).SingleOrDefault();

    /// <summary>
    /// Inserts a new job with its first task, unless a job of that id exists, the account is not open or its video is gone or about
    /// to go. The account's lock meets that of an adoption: it moves this job, or the account is closed before it. The video's
    /// meets that of its deletion: that knows of this job, or the video is deleted before it.
    /// </summary>
    public Task<JobInsertion> TryInsert(CaptionJob job, NewTask first) => database.Transact(async connection =>
    {
        var answers = await connection.Read(
            """
            with owner as materialized (
                select account_id from account where account_id = $2 and merged_into is null and closed_at is null for share),
            source as materialized (
                select video.video_id from video, owner
                where video.video_id = $3 and video.account_id = owner.account_id and video.state = 'ready'
                  and (video.pinned or video.expires_at > $15)
                for share of video),
            inserted as (
                insert into caption_job
                    (job_id, account_id, video_id, version, state, stage, language, profile, request_hash, price, credit_state,
                     duration_ms, has_work_files, deadline_at, created_at)
                select $1, account_id, video_id, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15
                from owner, source
                on conflict (job_id) do nothing
                returning 1)
            select exists (select from owner), exists (select from source), exists (select from inserted)
            """,
            [
                job.JobId, job.AccountId, job.VideoId, job.Version, StoredName.Of(job.State), StoredName.Of(job.Stage), job.Language,
                job.Profile, job.RequestHash, job.Price, StoredName.Of(job.Credit), (long)job.Duration.TotalMilliseconds,
                job.HasWorkFiles, job.DeadlineAt, job.CreatedAt,
            ],
            row => (Owner: row.GetBoolean(0), Source: row.GetBoolean(1), Inserted: row.GetBoolean(2)));
        if (answers.Single().Inserted)
        {
            await TaskTable.Insert(connection, [first]);
        }

        return answers.Single() switch
        {
            { Inserted: true } => JobInsertion.Inserted,
            { Owner: false } => JobInsertion.AccountNotOpen,
            { Source: false } => JobInsertion.VideoGone,
            _ => JobInsertion.Exists,
        };
    });

    public async Task<int> CountLive(Guid accountId)
    {
        var counts = await database.Read(
            "select count(*) from caption_job where account_id = $1 and state in ('queued', 'processing')",
            [accountId],
            row => row.GetInt64(0));
        return (int)counts.Single();
    }

    /// <summary>Reads the row under its lock, lets <paramref name="change"/> decide, and writes what it answers; null leaves it alone.</summary>
    /// <returns>The job as it stands after that; null if there is none.</returns>
    public Task<CaptionJob?> Change(Guid jobId, Func<CaptionJob, CaptionJob?> change) => database.Transact(async connection =>
    {
        var before = await Lock(connection, jobId);
        if (before is null || change(before) is not { } after)
        {
            return before;
        }

        await Save(connection, before, after);
        return after;
    });

    /// <summary>Writes a report on one of the job's tasks together with what it means for the job, queues what follows and notes the files that came of it.</summary>
    public Task<TaskReport> Report(
        Guid jobId,
        Func<NpgsqlConnection, Task<TaskReport>> report,
        Func<CaptionJob, CaptionJob?> change,
        Func<CaptionJob, IReadOnlyList<NewTask>>? follow = null,
        IReadOnlyList<StoredFile>? files = null) => database.Transact(async connection =>
    {
        var before = await Lock(connection, jobId) ?? throw new InvalidOperationException($"There is no job {jobId}.");
        var answer = await report(connection);
        if (answer == TaskReport.Changed && change(before) is { } after)
        {
            await Save(connection, before, after);
            await TaskTable.Insert(connection, follow?.Invoke(after) ?? []);
            await StoredObjects.Insert(connection, after.VideoId, jobId, files ?? [], time.UtcNow());
        }

        return answer;
    });

    public async Task<JobPage> List(Guid accountId, PageCursor? after, int limit, CancellationToken cancellationToken)
    {
        var rows = await database.Read(
            $"""
            select {Columns} from caption_job
            where account_id = $1 and (created_at, job_id) < ($2, $3)
            order by created_at desc, job_id desc
            limit $4
            """,
            [accountId, after?.CreatedAt ?? DateTimeOffset.MaxValue.AddYears(-1), after?.Id ?? Guid.Empty, limit + 1],
            Row,
            cancellationToken);
        var page = rows.Take(limit).Select(row => row.Snapshot).ToList();
        return new JobPage(page, rows.Count > limit ? new PageCursor(page[^1].CreatedAt, page[^1].JobId) : null);
    }

    /// <summary>Live jobs past their deadline, and ended ones that have owed something since before <paramref name="endedBefore"/>.</summary>
    public Task<List<Guid>> Undelivered(DateTimeOffset now, DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken) =>
        database.Read(
            """
            (select job_id from caption_job where state in ('queued', 'processing') and deadline_at < $1 limit $3)
            union all
            (select job_id from caption_job
             where ended_at < $2 and (has_work_files or credit_state in ('settle_owed', 'release_owed')) limit $3)
            """,
            [now, endedBefore, limit],
            row => row.GetGuid(0),
            cancellationToken);

    /// <summary>Nothing is stored of the job any more.</summary>
    public Task ForgetFiles(Guid jobId) => database.Transact(async connection => await StoredObjects.ForgetJob(connection, jobId));

    private static async Task<CaptionJob?> Lock(NpgsqlConnection connection, Guid jobId) =>
        (await connection.Read($"select {Columns} from caption_job where job_id = $1 for update", [jobId], Row)).SingleOrDefault();

    private static async Task Save(NpgsqlConnection connection, CaptionJob before, CaptionJob after)
    {
        var written = await connection.Execute(
            """
            update caption_job
            set version = $2, state = $3, stage = $4, credit_state = $5, chunks_done = $6, chunks_total = $7::int,
                output_prefix = $8::text, failure_code = $9::text, failure_message = $10::text, has_work_files = $11,
                started_at = $12::timestamptz, ended_at = $13::timestamptz, purged_at = $14::timestamptz,
                detected_language = $15::text
            where job_id = $1 and version = $2 - 1
            """,
            [
                after.JobId, after.Version, StoredName.Of(after.State), StoredName.Of(after.Stage), StoredName.Of(after.Credit),
                after.ChunksDone, after.ChunksTotal, after.OutputPrefix, after.Failure?.Code, after.Failure?.Message,
                after.HasWorkFiles, after.StartedAt, after.EndedAt, after.PurgedAt, after.DetectedLanguage,
            ]);
        if (written != 1)
        {
            throw new InvalidOperationException($"Job {after.JobId} moved under its own lock.");
        }

        if (before.IsLive && !after.IsLive)
        {
            await TaskTable.CancelAll(connection, after.JobId);
        }
    }

    private static CaptionJob Row(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetGuid(1),
        row.GetGuid(2),
        row.GetInt64(3),
        StoredName.Parse<JobState>(row.GetString(4)),
        StoredName.Parse<JobStage>(row.GetString(5)),
        row.GetString(6),
        row.GetString(7),
        row.GetFieldValue<byte[]>(8),
        row.GetInt64(9),
        StoredName.Parse<JobCredit>(row.GetString(10)),
        TimeSpan.FromMilliseconds(row.GetInt64(11)),
        row.GetInt32(12),
        row.Nullable<int>(13),
        row.NullableText(14),
        row.IsDBNull(15) ? null : new Failure(row.GetString(15), row.GetString(16)),
        row.GetBoolean(17),
        row.GetFieldValue<DateTimeOffset>(18),
        row.GetFieldValue<DateTimeOffset>(19),
        row.Nullable<DateTimeOffset>(20),
        row.Nullable<DateTimeOffset>(21),
        row.Nullable<DateTimeOffset>(22),
        row.Nullable<DateTimeOffset>(23),
        row.NullableText(24));
}

/// <summary>What became of a new job.</summary>
internal enum JobInsertion
{
    /// <summary>It is there.</summary>
    Inserted,

    /// <summary>There was a job of this id before.</summary>
    Exists,

    /// <summary>There is no such account, or it was a guest's who has become a member.</summary>
    AccountNotOpen,

    /// <summary>Its video is deleted, or its time is over.</summary>
    VideoGone,
}
