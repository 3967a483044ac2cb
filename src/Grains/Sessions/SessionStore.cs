using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Sessions;
using AX2Caption.Grains.Database;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Grains.Sessions;

/// <summary>The table of sessions. Nothing of it is kept in memory: a session that has ended is ended for everybody from that commit on.</summary>
internal sealed class SessionStore(NpgsqlDataSource database, IOptions<SessionOptions> options)
{
    private const string Live = """
        select s.session_id, s.account_id, a.kind, coalesce(m.role = 'admin', false), least(s.idle_expires_at, s.expires_at)
        from session s join account a using (account_id) left join member m using (account_id)
        where s.session_id = $1 and s.ended_at is null and s.idle_expires_at > $2 and s.expires_at > $2
          and a.merged_into is null and a.closed_at is null
        """;

    private const string Columns = """
        session_id, account_id, family_hash, token_hash, parent_hash, nonce, rotated_at, replayed, replays_in_row, idle_expires_at,
        expires_at, ended_at, end_reason, rotated_call
        """;

    public async Task<LiveSession?> Find(Guid sessionId, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await database.Read(Live, [sessionId, now], LiveRow, cancellationToken)).SingleOrDefault();

    public static async Task<LiveSession?> Find(NpgsqlConnection connection, Guid sessionId, DateTimeOffset now) =>
        (await connection.Read(Live, [sessionId, now], LiveRow)).SingleOrDefault();

    /// <summary>Starts a session of an open account of that kind. One that was started before stays as it is.</summary>
    public Task Insert(
        NpgsqlConnection connection, Guid accountId, AccountKind kind, NewSession session, RequestOrigin origin, DateTimeOffset now) =>
        connection.Execute(
            """
            insert into session
                (session_id, account_id, family_hash, token_hash, rotated_at, created_at, idle_expires_at, expires_at, address, device)
            select $1, account_id, $3, $4, $5, $5, $6, $7, $8, $9::text
            from account where account_id = $2 and kind = $10 and merged_into is null and closed_at is null for share
            on conflict (session_id) do nothing
            """,
            [
                session.SessionId, accountId, session.FamilyHash, session.TokenHash, now, now + options.Value.IdleLifetime,
                now + options.Value.AbsoluteLifetime, origin.Address, origin.Device, StoredName.Of(kind),
            ]);

    /// <summary>The session under its row's lock.</summary>
    public static async Task<Session?> Lock(NpgsqlConnection connection, Guid sessionId) =>
        (await connection.Read($"select {Columns} from session where session_id = $1 for update", [sessionId], Row)).SingleOrDefault();

    public static Task Save(NpgsqlConnection connection, Session session, RequestOrigin origin) => connection.Execute(
        """
        update session
        set token_hash = $2, parent_hash = $3::bytea, nonce = $4::bytea, rotated_at = $5, replayed = $6, replays_in_row = $7,
            idle_expires_at = $8, ended_at = $9::timestamptz, end_reason = $10::text, address = $11, device = $12::text, rotated_call = $13::uuid
        where session_id = $1
        """,
        [
            session.SessionId, session.TokenHash, session.ParentHash, session.Nonce, session.RotatedAt, session.Replayed, session.ReplaysInRow,
            session.IdleExpiresAt, session.EndedAt, session.EndReason is { } reason ? StoredName.Of(reason) : null, origin.Address, origin.Device,
            session.RotatedCall,
        ]);

    /// <summary>Ends one of an account's sessions that live.</summary>
    /// <returns>Whether there was one.</returns>
    public static async Task<bool> End(NpgsqlConnection connection, Guid accountId, Guid sessionId, SessionEnd reason, DateTimeOffset now) =>
        await connection.Execute(
            """
            update session set ended_at = $4, end_reason = $3
            where session_id = $2 and account_id = $1 and ended_at is null and idle_expires_at > $4 and expires_at > $4
            """,
            [accountId, sessionId, StoredName.Of(reason), now]) == 1;

    /// <summary>Ends all of an account's sessions that live, but for one if it is named.</summary>
    public static Task<int> EndAll(NpgsqlConnection connection, Guid accountId, SessionEnd reason, DateTimeOffset now, Guid? except = null) =>
        connection.Execute(
            """
            update session set ended_at = $3, end_reason = $2
            where account_id = $1 and ended_at is null and session_id is distinct from $4::uuid
            """,
            [accountId, StoredName.Of(reason), now, except]);

    public Task<List<SessionSnapshot>> List(Guid accountId, DateTimeOffset now, int limit, CancellationToken cancellationToken) => database.Read(
        """
        select session_id, created_at, rotated_at, least(idle_expires_at, expires_at), address, device
        from session
        where account_id = $1 and ended_at is null and idle_expires_at > $2 and expires_at > $2
        order by created_at desc, session_id desc
        limit $3
        """,
        [accountId, now, limit],
        row => new SessionSnapshot(
            row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(2), row.GetFieldValue<DateTimeOffset>(3),
            row.GetString(4), row.NullableText(5)),
        cancellationToken);

    /// <summary>Deletes sessions that ended, in whatever way, before that time.</summary>
    public Task<int> DeleteOld(DateTimeOffset before, int limit, CancellationToken cancellationToken) => database.Execute(
        """
        delete from session where session_id in (
            select session_id from session where least(idle_expires_at, expires_at, ended_at) < $1
            order by least(idle_expires_at, expires_at, ended_at) limit $2 for update skip locked)
        """,
        [before, limit],
        cancellationToken);

    private static LiveSession LiveRow(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), StoredName.Parse<AccountKind>(row.GetString(2)), row.GetBoolean(3), row.GetFieldValue<DateTimeOffset>(4));

    private static Session Row(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetGuid(1),
        row.GetFieldValue<byte[]>(2),
        row.GetFieldValue<byte[]>(3),
        row.IsDBNull(4) ? null : row.GetFieldValue<byte[]>(4),
        row.IsDBNull(5) ? null : row.GetFieldValue<byte[]>(5),
        row.GetFieldValue<DateTimeOffset>(6),
        row.GetBoolean(7),
        row.GetInt32(8),
        row.GetFieldValue<DateTimeOffset>(9),
        row.GetFieldValue<DateTimeOffset>(10),
        row.Nullable<DateTimeOffset>(11),
        row.IsDBNull(12) ? null : StoredName.Parse<SessionEnd>(row.GetString(12)),
        row.Nullable<Guid>(13));
}
