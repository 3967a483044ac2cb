using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.AuditLog;
using AX2Caption.Grains.Database;
using Npgsql;

namespace AX2Caption.Grains.AuditLog;

/// <summary>The table of events. What an event tells of is written in the same transaction, wherever that is a row too.</summary>
internal sealed class AuditLogStore(NpgsqlDataSource database)
{
    private const string Columns = "event_id, at, kind, account_id, actor_id, actor, address, device, request_id, detail";

    private const string Insert = $"""
        insert into audit_event ({Columns})
        values ($1, $2, $3, $4::uuid, $5::uuid, $6, $7::text, $8::text, $9::text, $10::text)
        on conflict (event_id) do nothing
        """;

    public Task Append(AuditEvent @event) => database.Execute(Insert, Values(@event));

    public static Task Append(NpgsqlConnection connection, AuditEvent @event) => connection.Execute(Insert, Values(@event));

    /// <summary>
    /// From where and with what an account acted goes with the account, and with it what was known of the guests that it was; what
    /// happened to it and when stays, and so does what others did to it.
    /// </summary>
    public static async Task Anonymize(NpgsqlConnection connection, Guid accountId)
    {
        const string Theirs = "any (array(select $1::uuid union all select account_id from account where merged_into = $1))";
        await connection.Execute(
            $"""
            update audit_event set address = null, device = null, detail = null
            where account_id = {Theirs} and (actor_id is null or actor_id = {Theirs})
            """,
            [accountId]);
        await connection.Execute($"update audit_event set address = null, device = null where actor_id = {Theirs}", [accountId]);
    }

    public async Task<AuditEventPage> Query(AuditEventQuery query, CancellationToken cancellationToken)
    {
        var limit = Math.Clamp(query.Limit, 1, 100);
        var rows = await database.Read(
            $"""
            select {Columns} from audit_event
            where (at, event_id) < ($1, $2)
              and ($3::uuid is null or account_id = $3) and ($4::uuid is null or actor_id = $4)
              and (cardinality($5::text[]) = 0 or kind = any ($5))
              and at >= $6 and at < $7
            order by at desc, event_id desc
            limit $8
            """,
            [
                query.After?.CreatedAt ?? DateTimeOffset.MaxValue.AddYears(-1), query.After?.Id ?? Guid.Empty, query.AccountId, query.ActorId,
                query.Kinds.ToArray(), query.From ?? DateTimeOffset.UnixEpoch, query.Until ?? DateTimeOffset.MaxValue.AddYears(-1), limit + 1,
            ],
            Row,
            cancellationToken);
        var page = rows.Take(limit).ToList();
        return new AuditEventPage(page, rows.Count > limit ? new PageCursor(page[^1].At, page[^1].EventId) : null);
    }

    public Task<int> DeleteOld(DateTimeOffset before, int limit, CancellationToken cancellationToken) => database.Execute(
        "delete from audit_event where event_id in (select event_id from audit_event where at < $1 order by at limit $2 for update skip locked)",
        [before, limit],
        cancellationToken);

    private static object?[] Values(AuditEvent @event) =>
    [
        @event.EventId, @event.At, @event.Kind, @event.AccountId, @event.ActorId, @event.Actor, @event.Origin?.Address,
        @event.Origin?.Device, @event.Origin?.RequestId, @event.Detail,
    ];

    private static AuditEvent Row(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetFieldValue<DateTimeOffset>(1),
        row.GetString(2),
        row.Nullable<Guid>(3),
        row.Nullable<Guid>(4),
        row.GetString(5),
        row.IsDBNull(6) ? null : new RequestOrigin(row.GetString(6), row.NullableText(7), row.NullableText(8) ?? ""),
        row.NullableText(9));
}
