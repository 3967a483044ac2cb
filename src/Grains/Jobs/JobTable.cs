using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Database;
using Npgsql;

namespace AX2Caption.Grains.Jobs;

/// <summary>The table of jobs inside a transaction, many rows at once. A row is changed under its lock, and its version moves with every change.</summary>
internal static class JobTable
{
    public const string Columns = """
        job_id, account_id, video_id, version, state, stage, language, profile, request_hash, price, credit_state, duration_ms,
        chunks_done, chunks_total, output_prefix, failure_code, failure_message, has_work_files, deadline_at, created_at,
        started_at, ended_at, purged_at, has_reminder, media_ms_total, media_ms_done, transcribing_since, progressed_at, expected_speed,
        detected_language,
        (select v.expires_at from video v where v.video_id = caption_job.video_id and not v.pinned and v.state <> 'deleted'),
        engine
        """;

    /// <summary>How many columns that is: what a statement reads after them begins at this one.</summary>
    public const int Width = 32;

    /// <summary>The rows there are, locked for the rest of the transaction in the order of their ids, so that no two writers wait for each other.</summary>
    public static SqlAnswer<List<CaptionJob>> Lock(SqlBatch batch, IEnumerable<Guid> jobIds) => batch.Read(
        $"select {Columns} from caption_job where job_id = any ($1) order by job_id for update of caption_job", [jobIds.ToArray()], Row);

    /// <summary>
    /// Inserts new jobs, except where a job of that id exists, the account is not open or the video is gone or about to go. The
    /// account's lock meets that of an adoption: it moves this job, or the account is closed before it. The video's meets that of
    /// its deletion: that knows of this job, or the video is deleted before it.
    /// </summary>
    /// <returns>What became of each, in their order.</returns>
    public static Task<List<JobInsertion>> Insert(NpgsqlConnection connection, IReadOnlyList<CaptionJob> jobs) => connection.Read(
        """
        with new as materialized (
            select * from unnest(
                    $1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::bigint[],
                    $11::text[], $12::bigint[], $13::boolean[], $14::timestamptz[], $15::timestamptz[], $16::text[]) with ordinality
                as t (job_id, account_id, video_id, version, state, stage, language, profile, request_hash, price,
                      credit_state, duration_ms, has_work_files, deadline_at, created_at, engine, place)),
        owner as materialized (
            select a.account_id from account a
            where a.account_id = any ($2) and a.merged_into is null and a.closed_at is null
            order by a.account_id
            for share),
        source as materialized (
            select v.video_id, v.account_id, v.pinned, v.expires_at from video v
            where v.video_id = any ($3) and (v.account_id in (select account_id from owner)) is true and v.state = 'ready'
            order by v.video_id
            for share),
        eligible as materialized (
            select new.job_id from new join source using (video_id, account_id) where source.pinned or source.expires_at > new.created_at),
        inserted as (
            insert into caption_job
                (job_id, account_id, video_id, version, state, stage, language, profile, request_hash, price, credit_state,
                 duration_ms, has_work_files, deadline_at, created_at, engine)
            select job_id, account_id, video_id, version, state, stage, language, profile, request_hash, price, credit_state,
                   duration_ms, has_work_files, deadline_at, created_at, engine
            from new where (job_id in (select job_id from eligible)) is true
            on conflict (job_id) do nothing
            returning job_id)
        select account_id in (select account_id from owner), job_id in (select job_id from eligible), job_id in (select job_id from inserted)
        from new order by place
        """,
        [
            jobs.Select(job => job.JobId).ToArray(),
            jobs.Select(job => job.AccountId).ToArray(),
            jobs.Select(job => job.VideoId).ToArray(),
            jobs.Select(job => job.Version).ToArray(),
            jobs.Select(job => StoredName.Of(job.State)).ToArray(),
            jobs.Select(job => StoredName.Of(job.Stage)).ToArray(),
            jobs.Select(job => job.Language).ToArray(),
            jobs.Select(job => job.Profile).ToArray(),
            jobs.Select(job => job.RequestHash).ToArray(),
            jobs.Select(job => job.Price).ToArray(),
            jobs.Select(job => StoredName.Of(job.Credit)).ToArray(),
            jobs.Select(job => (long)job.Duration.TotalMilliseconds).ToArray(),
            jobs.Select(job => job.HasWorkFiles).ToArray(),
            jobs.Select(job => job.DeadlineAt).ToArray(),
            jobs.Select(job => job.CreatedAt).ToArray(),
            jobs.Select(job => job.Engine).ToArray(),
        ],
        row => (Owner: row.GetBoolean(0), Source: row.GetBoolean(1), Inserted: row.GetBoolean(2)) switch
        {
            { Inserted: true } => JobInsertion.Inserted,
            { Owner: false } => JobInsertion.AccountNotOpen,
            { Source: false } => JobInsertion.VideoGone,
            _ => JobInsertion.Exists,
        });

    /// <summary>Writes changed jobs over the rows that they were locked as.</summary>
    public static void Save(SqlBatch batch, IReadOnlyList<(CaptionJob Before, CaptionJob After)> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        batch.Execute(
            """
            update caption_job j
            set version = n.version, state = n.state, stage = n.stage, credit_state = n.credit_state, chunks_done = n.chunks_done,
                chunks_total = n.chunks_total, output_prefix = n.output_prefix, failure_code = n.failure_code,
                failure_message = n.failure_message, has_work_files = n.has_work_files, started_at = n.started_at, ended_at = n.ended_at,
                purged_at = n.purged_at, has_reminder = n.has_reminder, media_ms_total = n.media_ms_total, media_ms_done = n.media_ms_done,
                transcribing_since = n.transcribing_since, progressed_at = n.progressed_at, expected_speed = n.expected_speed,
                detected_language = n.detected_language
            from unnest(
                    $1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::int[], $8::int[], $9::text[], $10::text[],
                    $11::text[], $12::boolean[], $13::timestamptz[], $14::timestamptz[], $15::timestamptz[], $16::boolean[], $17::bigint[], $18::bigint[], $19::timestamptz[],
                    $20::timestamptz[], $21::float8[], $22::text[])
                as n (job_id, expected, version, state, stage, credit_state, chunks_done, chunks_total, output_prefix, failure_code,
                      failure_message, has_work_files, started_at, ended_at, purged_at, has_reminder, media_ms_total, media_ms_done,
                      transcribing_since, progressed_at, expected_speed, detected_language)
            where j.job_id = n.job_id and j.version = n.expected
            """,
            [
                changes.Select(change => change.After.JobId).ToArray(),
                changes.Select(change => change.Before.Version).ToArray(),
                changes.Select(change => change.After.Version).ToArray(),
                changes.Select(change => StoredName.Of(change.After.State)).ToArray(),
                changes.Select(change => StoredName.Of(change.After.Stage)).ToArray(),
                changes.Select(change => StoredName.Of(change.After.Credit)).ToArray(),
                changes.Select(change => change.After.ChunksDone).ToArray(),
                changes.Select(change => change.After.ChunksTotal).ToArray(),
                changes.Select(change => change.After.OutputPrefix).ToArray(),
                changes.Select(change => change.After.Failure?.Code).ToArray(),
                changes.Select(change => change.After.Failure?.Message).ToArray(),
                changes.Select(change => change.After.HasWorkFiles).ToArray(),
                changes.Select(change => change.After.StartedAt).ToArray(),
                changes.Select(change => change.After.EndedAt).ToArray(),
                changes.Select(change => change.After.PurgedAt).ToArray(),
                changes.Select(change => change.After.HasReminder).ToArray(),
                changes.Select(change => (long?)change.After.SpeechTotal?.TotalMilliseconds).ToArray(),
                changes.Select(change => (long)change.After.SpeechDone.TotalMilliseconds).ToArray(),
                changes.Select(change => change.After.TranscribingSince).ToArray(),
                changes.Select(change => change.After.ProgressedAt).ToArray(),
                changes.Select(change => change.After.ExpectedSpeed).ToArray(),
                changes.Select(change => change.After.DetectedLanguage).ToArray(),
            ],
            written =>
            {
                if (written != changes.Count)
                {
                    throw new InvalidOperationException("A job moved under its own lock.");
                }
            });
    }

    public static CaptionJob Row(NpgsqlDataReader row) => new(
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
        row.Nullable<DateTimeOffset>(30),
        row.GetBoolean(23),
        row.Nullable<long>(24) is { } total ? TimeSpan.FromMilliseconds(total) : null,
        TimeSpan.FromMilliseconds(row.GetInt64(25)),
        row.Nullable<DateTimeOffset>(26),
        row.Nullable<DateTimeOffset>(27),
        row.Nullable<double>(28),
        row.NullableText(29),
        row.NullableText(31));
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
