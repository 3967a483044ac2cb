using System.Text.Json;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Retention;
using AX2Caption.Grains.Time;
using AX2Caption.Grains.Work;
using Npgsql;

namespace AX2Caption.Grains.Videos;

/// <summary>The table of videos. A row is read and written under its lock, and its version moves with every write.</summary>
internal sealed class VideoStore(NpgsqlDataSource database, TimeProvider time)
{
    private const string Columns =
        "video_id, account_id, version, state, file_name, object_key, length, sha256, media, rejection_code, rejection_message, created_at, "
        + "expires_at, pinned";

    public async Task<Video?> Load(Guid videoId, CancellationToken cancellationToken = default) =>
        (await database.Read($"select {Columns} from video where video_id = $1", [videoId], Row, cancellationToken)).SingleOrDefault();

    /// <summary>The videos there are of these.</summary>
    public static SqlAnswer<List<Video>> Read(SqlBatch batch, IEnumerable<Guid> videoIds) =>
        batch.Read($"select {Columns} from video where video_id = any ($1)", [videoIds.ToArray()], Row);

    /// <summary>
    /// Inserts a new video, if the account is open and has fewer than <paramref name="limit"/>; two at once may pass the limit
    /// together. The account's lock meets that of an adoption: it moves this video, or the account is closed before it.
    /// </summary>
    public async Task<VideoInsertion> TryInsert(Video video, int limit)
    {
        const string Sql = """
            with owner as materialized (
                select account_id from account where account_id = $2 and merged_into is null and closed_at is null for share),
            inserted as (
                insert into video (video_id, account_id, version, state, file_name, object_key, created_at, changed_at, expires_at)
                select $1, account_id, $3, $4, $5, $6, $7, $7, $9 from owner
                where (select count(*) from video where account_id = $2 and state <> 'deleted') < $8
                returning 1)
            select exists (select from owner), exists (select from inserted)
            """;
        var answers = await database.Read(
            Sql,
            [
                video.VideoId, video.AccountId, video.Version, StoredName.Of(video.State), video.FileName, video.ObjectKey,
                video.CreatedAt, limit, video.ExpiresAt,
            ],
            row => (row.GetBoolean(0), row.GetBoolean(1)));
        return answers.Single() switch
        {
            (false, _) => VideoInsertion.AccountNotOpen,
            (true, false) => VideoInsertion.LimitReached,
            (true, true) => VideoInsertion.Inserted,
        };
    }

    /// <summary>A stored file and when it was stored; null if there is none of that key.</summary>
    public async Task<(StoredFile File, DateTimeOffset At)?> FindFile(string key, CancellationToken cancellationToken) =>
        (await database.Read<(StoredFile, DateTimeOffset)?>(
            "select object_key, length, sha256, created_at from stored_object where object_key = $1",
            [key],
            row => (new StoredFile(row.GetString(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2)), row.GetFieldValue<DateTimeOffset>(3)),
            cancellationToken)).SingleOrDefault();

    /// <summary>Reads the row under its lock, lets <paramref name="change"/> decide, and writes what it answers; null leaves it alone.</summary>
    /// <returns>The video as it stands after that; null if there is none.</returns>
    public Task<Video?> Change(Guid videoId, Func<NpgsqlConnection, Video, Task<Video?>> change) => database.Transact(async connection =>
    {
        var before = await Lock(connection, videoId);
        if (before is null || await change(connection, before) is not { } after)
        {
            return before;
        }

        await Save(connection, after);
        return after;
    });

    /// <summary>Runs <paramref name="work"/>, which locks more than the one row, in one transaction.</summary>
    public Task<T> Transact<T>(Func<NpgsqlConnection, Task<T>> work) => database.Transact(work);

    /// <summary>The row, locked for the rest of the transaction; null if there is none.</summary>
    public static async Task<Video?> Lock(NpgsqlConnection connection, Guid videoId) =>
        (await connection.Read($"select {Columns} from video where video_id = $1 for update", [videoId], Row)).SingleOrDefault();

    /// <summary>Whether the video's bytes arrive in pieces, which has a time of its own.</summary>
    public static async Task<bool> ArrivesInPieces(NpgsqlConnection connection, Guid videoId) =>
        await connection.Read("select 1 from upload where video_id = $1", [videoId], row => row.GetInt32(0)) is [_];

    /// <summary>Writes a report on the video's probe together with what it means for the video.</summary>
    /// <param name="videoId">Whose probe it is.</param>
    /// <param name="step">What is said of it.</param>
    /// <param name="files">What the probe stored, if the report counts.</param>
    /// <param name="change">What it means for the video.</param>
    public Task<TaskReport> Report(
        Guid videoId,
        TaskStep step,
        IReadOnlyList<StoredFile> files,
        Func<Video, Video?> change) => database.Transact(async connection =>
    {
        var before = await Lock(connection, videoId) ?? throw new InvalidOperationException($"There is no video {videoId}.");
        var answer = await TaskTable.Report(connection, step);
        if (answer == TaskReport.Changed && change(before) is { } after)
        {
            await Save(connection, after);
            var stored = files.Select(file => new NewObject(videoId, JobId: null, file)).ToList();
            await connection.InOneGo(batch => StoredObjects.Insert(batch, stored, time.UtcNow()));
        }

        return answer;
    });

    public async Task<VideoPage> List(Guid accountId, PageCursor? after, int limit, CancellationToken cancellationToken)
    {
        var rows = await database.Read(
            $"""
            select {Columns} from video
            where account_id = $1 and state <> 'deleted' and (created_at, video_id) < ($2, $3)
            order by created_at desc, video_id desc
            limit $4
            """,
            [accountId, after?.CreatedAt ?? DateTimeOffset.MaxValue.AddYears(-1), after?.Id ?? Guid.Empty, limit + 1],
            Row,
            cancellationToken);
        var page = rows.Take(limit).Select(row => row.Snapshot).ToList();
        return new VideoPage(page, rows.Count > limit ? new PageCursor(page[^1].CreatedAt, page[^1].VideoId) : null);
    }

    /// <summary>Videos whose upload began before <paramref name="uploadsBefore"/> and never completed, or whose object is owed its deletion.</summary>
    public Task<List<Guid>> Unfinished(DateTimeOffset uploadsBefore, DateTimeOffset deletionsBefore, int limit, CancellationToken cancellationToken) =>
        database.Read(
            """
            select video_id from video
            where (state = 'uploading' and changed_at < $1 and not exists (select from upload where upload.video_id = video.video_id))
               or (state in ('rejected', 'deleted') and object_key is not null and changed_at < $2)
            order by changed_at
            limit $3
            """,
            [uploadsBefore, deletionsBefore, limit],
            row => row.GetGuid(0),
            cancellationToken);

    /// <summary>Writes a video that is locked.</summary>
    public async Task Save(NpgsqlConnection connection, Video video)
    {
        var written = await connection.Execute(
            """
            update video
            set version = $2, state = $3, object_key = $4::text, length = $5::bigint, sha256 = $6::bytea, media = $7::jsonb,
                rejection_code = $8::text, rejection_message = $9::text, changed_at = $10, file_name = $11,
                expires_at = $12, pinned = $13
            where video_id = $1 and version = $2 - 1
            """,
            [
                video.VideoId, video.Version, StoredName.Of(video.State), video.ObjectKey, video.Length, video.Sha256,
                video.Media is null ? null : JsonSerializer.Serialize(video.Media, JsonSerializerOptions.Web),
                video.Rejection?.Code, video.Rejection?.Message, time.UtcNow(), video.FileName,
                video.ExpiresAt, video.Pinned,
            ]);
        if (written != 1)
        {
            throw new InvalidOperationException($"Video {video.VideoId} moved under its own lock.");
        }
    }

    private static Video Row(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetGuid(1),
        row.GetInt64(2),
        StoredName.Parse<VideoState>(row.GetString(3)),
        row.GetString(4),
        row.NullableText(5),
        row.Nullable<long>(6),
        row.IsDBNull(7) ? null : row.GetFieldValue<byte[]>(7),
        row.IsDBNull(8) ? null : JsonSerializer.Deserialize<MediaSummary>(row.GetString(8), JsonSerializerOptions.Web),
        row.IsDBNull(9) ? null : new Failure(row.GetString(9), row.GetString(10)),
        row.GetFieldValue<DateTimeOffset>(11),
        row.GetFieldValue<DateTimeOffset>(12),
        row.GetBoolean(13));
}

/// <summary>What became of a new video.</summary>
internal enum VideoInsertion
{
    /// <summary>It is there.</summary>
    Inserted,

    /// <summary>The account has as many as it may.</summary>
    LimitReached,

    /// <summary>There is no such account, or it was a guest's who has become a member.</summary>
    AccountNotOpen,
}
