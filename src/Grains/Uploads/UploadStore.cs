using AX2Caption.Grains.Abstractions.Uploads;
using AX2Caption.Grains.Database;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Grains.Uploads;

/// <summary>The table of uploads in pieces. A row is read and written under its lock; who holds an upload is decided by the database's clock.</summary>
internal sealed class UploadStore(NpgsqlDataSource database, IOptions<UploadOptions> options)
{
    private const string Select = """
        select u.video_id, v.account_id, v.state = 'uploading', u.length, u.written, u.write_state, u.metadata, u.part_bytes,
            u.writer, coalesce(u.writer_until > clock_timestamp(), false), u.created_at, u.expires_at
        from upload u join video v using (video_id)
        where u.video_id = $1
        """;

    public async Task<Upload?> Load(Guid videoId, CancellationToken cancellationToken = default) =>
        (await database.Read(Select, [videoId], Row, cancellationToken)).SingleOrDefault();

    /// <summary>Inserts a new upload for a video that waits for its bytes, unless it has one.</summary>
    public Task Insert(Upload upload) => database.Execute(
        """
        insert into upload (video_id, length, write_state, metadata, part_bytes, created_at, expires_at)
        select video_id, $2, $3::text, $4::text, $5::bigint, $6, $7 from video where video_id = $1 and state = 'uploading' for share
        on conflict (video_id) do nothing
        """,
        [
            upload.VideoId, upload.Length, upload.Progress.State, upload.Metadata, upload.PartBytes, upload.CreatedAt, upload.ExpiresAt,
        ]);

    /// <summary>Reads the row under its lock, lets <paramref name="change"/> decide, and writes what it answers; null leaves it alone.</summary>
    /// <returns>The upload before and after that, the same if it was left alone; null if there is none.</returns>
    public Task<(Upload Before, Upload? After)?> Change(Guid videoId, Func<Upload, Upload?> change) => database.Transact<(Upload, Upload?)?>(async connection =>
    {
        if ((await connection.Read($"{Select} for update of u", [videoId], Row)).SingleOrDefault() is not { } before)
        {
            return null;
        }

        var after = change(before);
        if (after is not null)
        {
            await Save(connection, after);
        }

        return (before, after);
    });

    public Task<int> Delete(Guid videoId) => database.Execute("delete from upload where video_id = $1", [videoId]);

    /// <summary>Uploads whose time is over, and those whose bytes are all there while their video still waits.</summary>
    public Task<List<Guid>> Unfinished(DateTimeOffset now, int limit, CancellationToken cancellationToken) => database.Read(
        """
        select video_id from upload u
        where expires_at <= $1
            or (written = length and (writer is null or writer_until < clock_timestamp()) and exists (select from video v where v.video_id = u.video_id and v.state = 'uploading'))
        order by expires_at
        limit $2
        """,
        [now, limit],
        row => row.GetGuid(0),
        cancellationToken);

    private async Task Save(NpgsqlConnection connection, Upload upload) => await connection.Execute(
        """
        update upload
        set written = $2, write_state = $3::text, writer = $4::uuid,
            writer_until = case when $4::uuid is null then null else clock_timestamp() + $5::interval end,
            expires_at = $6
        where video_id = $1
        """,
        [upload.VideoId, upload.Progress.Written, upload.Progress.State, upload.Writer, options.Value.WriterLease, upload.ExpiresAt]);

    private static Upload Row(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetGuid(1),
        row.GetBoolean(2),
        row.GetInt64(3),
        new UploadProgress(row.GetInt64(4), row.NullableText(5)),
        row.NullableText(6),
        row.Nullable<long>(7),
        row.Nullable<Guid>(8),
        row.GetBoolean(9),
        row.GetFieldValue<DateTimeOffset>(10),
        row.GetFieldValue<DateTimeOffset>(11));
}
