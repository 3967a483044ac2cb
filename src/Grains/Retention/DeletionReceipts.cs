using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Retention;
using AX2Caption.Grains.Database;
using Npgsql;

namespace AX2Caption.Grains.Retention;

/// <summary>The table of receipts: one for each deleted video, written in the commit that deletes it.</summary>
internal sealed class DeletionReceipts(NpgsqlDataSource database)
{
    private const string Columns = "video_id, reason, jobs, objects, bytes, requested_at, completed_at";

    /// <summary>Writes the receipt. The video's lock is held, so that no job of it can come to be any more.</summary>
    /// <param name="connection">In the transaction that deletes the video.</param>
    /// <param name="videoId">The video.</param>
    /// <param name="accountId">Whose it is.</param>
    /// <param name="reason">Why it is deleted.</param>
    /// <param name="unnamed">What is stored of it without a row of its own.</param>
    /// <param name="now">The time.</param>
    public static Task<int> Insert(
        NpgsqlConnection connection, Guid videoId, Guid accountId, DeletionReason reason, UnnamedObjects unnamed, DateTimeOffset now) =>
        connection.Execute(
            """
            insert into deletion_receipt (video_id, account_id, reason, jobs, objects, bytes, requested_at)
            select $1, $2, $3, array(select job_id from caption_job where video_id = $1 order by created_at, job_id), $4, $5, $6
            """,
            [videoId, accountId, StoredName.Of(reason), unnamed.Count, unnamed.Bytes, now]);

    /// <summary>
    /// Notes that nothing is left of the video, if so. A worker that was at it when its task was canceled may write until its
    /// lease, by the database's clock, has run out: so long the receipt stays open.
    /// </summary>
    public Task<int> Complete(Guid videoId, DateTimeOffset now) => database.Execute(
        """
        update deletion_receipt r set completed_at = $2
        where r.video_id = $1 and r.completed_at is null
          and exists (select from video v where v.video_id = $1 and v.state = 'deleted' and v.object_key is null)
          and not exists (select from stored_object o where o.video_id = $1)
          and not exists (select from upload u where u.video_id = $1)
          and not exists (select from caption_job j where j.video_id = $1 and (j.purged_at is null or j.has_work_files))
          and not exists (select from task t where t.video_id = $1 and t.state = 'canceled' and t.lease_expires_at > now())
        """,
        [videoId, now]);

    /// <summary>Whether something may be left of a deleted video.</summary>
    public async Task<bool> IsOpen(Guid videoId) =>
        await database.Read("select 1 from deletion_receipt where video_id = $1 and completed_at is null", [videoId], row => row.GetInt32(0)) is [_];

    public async Task<DeletionReceipt?> Find(Guid accountId, Guid videoId, CancellationToken cancellationToken = default) =>
        (await database.Read(
            $"select {Columns} from deletion_receipt where video_id = $1 and account_id = $2", [videoId, accountId], Row, cancellationToken))
        .SingleOrDefault();

    public async Task<DeletionPage> List(Guid accountId, PageCursor? after, int limit, CancellationToken cancellationToken)
    {
        var rows = await database.Read(
            $"""
            select {Columns} from deletion_receipt
            where account_id = $1 and (requested_at, video_id) < ($2, $3)
            order by requested_at desc, video_id desc
            limit $4
            """,
            [accountId, after?.CreatedAt ?? DateTimeOffset.MaxValue.AddYears(-1), after?.Id ?? Guid.Empty, limit + 1],
            Row,
            cancellationToken);
        var page = rows.Take(limit).ToList();
        return new DeletionPage(page, rows.Count > limit ? new PageCursor(page[^1].RequestedAt, page[^1].VideoId) : null);
    }

    /// <summary>A guest becomes a member, who is to see them from now on.</summary>
    public static Task<int> Move(NpgsqlConnection connection, Guid guestId, Guid memberId) =>
        connection.Execute("update deletion_receipt set account_id = $2 where account_id = $1", [guestId, memberId]);

    private static DeletionReceipt Row(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        StoredName.Parse<DeletionReason>(row.GetString(1)),
        row.GetFieldValue<Guid[]>(2),
        row.GetInt32(3),
        row.GetInt64(4),
        row.GetFieldValue<DateTimeOffset>(5),
        row.Nullable<DateTimeOffset>(6));
}

/// <summary>What is stored of a video without a row of its own: bytes that have arrived, or lie in the hands of a probe.</summary>
internal sealed record UnnamedObjects(int Count, long Bytes);
