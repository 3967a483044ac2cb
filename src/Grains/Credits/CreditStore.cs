using System.Collections.Immutable;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Database;
using Npgsql;

namespace AX2Caption.Grains.Credits;

/// <summary>The ledger's tables. Every write is fenced by the account's <c>seq</c>.</summary>
internal sealed class CreditStore(NpgsqlDataSource database)
{
    /// <summary>The account with its open holds, as of one snapshot; null if there is none.</summary>
    public async Task<CreditAccount?> Load(Guid accountId, CancellationToken cancellationToken = default)
    {
        const string Sql = """
            select a.seq, a.available, a.reserved, h.hold_id, h.amount, h.expires_at
            from credit_account a
            left join credit_hold h on h.account_id = a.account_id and h.state = 'open'
            where a.account_id = $1
            """;
        var rows = await database.Read(Sql, [accountId], row => (
            Seq: row.GetInt64(0), Available: row.GetInt64(1), Reserved: row.GetInt64(2),
            Hold: row.IsDBNull(3)
                ? null
                : new CreditHold(row.GetGuid(3), row.GetInt64(4), CreditHoldState.Open, row.GetFieldValue<DateTimeOffset>(5))),
            cancellationToken);
        return rows is []
            ? null
            : new CreditAccount(rows[0].Seq, rows[0].Available, rows[0].Reserved, rows.Where(row => row.Hold is not null)
                .ToImmutableDictionary(row => row.Hold!.HoldId, row => row.Hold!));
    }

    /// <summary>What the ledger says now about an operation and its hold, with the fence at that moment; null without an account.</summary>
    public async Task<LedgerFacts?> LookUp(Guid accountId, CreditOperation operation)
    {
        const string Sql = """
            select a.seq,
                   e.seq, e.op_id, e.kind, e.hold_id, e.amount, e.available_after, e.reserved_after, e.reason, e.at, e.request_hash,
                   h.hold_id, h.amount, h.state, h.expires_at
            from credit_account a
            left join credit_entry e on e.account_id = a.account_id and e.op_id = $2
            left join credit_hold h on h.account_id = a.account_id and h.hold_id = $3
            where a.account_id = $1
            """;
        var rows = await database.Read(Sql, [accountId, operation.OpId, operation.HoldId ?? Guid.Empty], row => new LedgerFacts(
            row.GetInt64(0),
            row.IsDBNull(1) ? null : Entry(row, 1),
            row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(10),
            row.IsDBNull(11)
                ? null
                : new CreditHold(row.GetGuid(11), row.GetInt64(12), StoredName.Parse<CreditHoldState>(row.GetString(13)),
                    row.GetFieldValue<DateTimeOffset>(14))));
        return rows.SingleOrDefault();
    }

    /// <summary>
    /// Writes one decision. False: the account is no longer at the state that the decision was made from, and nothing was written.
    /// </summary>
    public async Task<bool> Commit(Guid accountId, CreditOperation operation, CreditDecision.Write decision)
    {
        const string Sql = """
            with moved as (
                update credit_account set seq = $2, available = $3, reserved = $4
                where account_id = $1 and seq = $2 - 1
                returning account_id),
            entry as (
                insert into credit_entry
                    (account_id, seq, op_id, kind, hold_id, amount, available_after, reserved_after, request_hash, reason, at)
                select account_id, $2, $5, $6, $7::uuid, $8, $3, $4, $9, $10, $11 from moved),
            hold as (
                insert into credit_hold as h (account_id, hold_id, amount, state, expires_at)
                select account_id, $7::uuid, $12, $13::text, $14 from moved where $13::text is not null
                on conflict (account_id, hold_id) do update set state = excluded.state where h.state = 'open')
            select 1 from moved
            """;
        var (entry, hold) = (decision.Entry, decision.Hold);
        var moved = await database.Read(
            Sql,
            [
                accountId, entry.Seq, entry.AvailableAfter, entry.ReservedAfter, entry.OpId, StoredName.Of(entry.Kind),
                entry.HoldId, entry.Amount, operation.RequestHash(), entry.Reason, entry.At,
                hold?.Amount ?? 0, hold is null ? null : StoredName.Of(hold.State), hold?.ExpiresAt ?? DateTimeOffset.UnixEpoch,
            ],
            row => row.GetInt32(0));
        return moved is [_];
    }

    public async Task<CreditEntryPage> List(Guid accountId, long? before, int limit, CancellationToken cancellationToken)
    {
        const string Sql = """
            select seq, op_id, kind, hold_id, amount, available_after, reserved_after, reason, at
            from credit_entry
            where account_id = $1 and seq < $2
            order by seq desc
            limit $3
            """;
        var entries = await database.Read(
            Sql, [accountId, before ?? long.MaxValue, limit + 1], row => Entry(row, 0), cancellationToken);
        return entries.Count > limit
            ? new CreditEntryPage(entries[..limit], entries[limit - 1].Seq)
            : new CreditEntryPage(entries, Next: null);
    }

    /// <summary>Accounts that have open holds whose time is over, wherever their grains are.</summary>
    public Task<List<Guid>> AccountsWithDueHolds(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        const string Sql = """
            select account_id from credit_hold
            where state = 'open' and expires_at <= $1
            group by account_id
            order by min(expires_at)
            limit $2
            """;
        return database.Read(Sql, [now, limit], row => row.GetGuid(0), cancellationToken);
    }

    private static CreditEntry Entry(NpgsqlDataReader row, int first) => new(
        row.GetInt64(first),
        row.GetGuid(first + 1),
        StoredName.Parse<CreditEntryKind>(row.GetString(first + 2)),
        row.Nullable<Guid>(first + 3),
        row.GetInt64(first + 4),
        row.GetInt64(first + 5),
        row.GetInt64(first + 6),
        row.GetString(first + 7),
        row.GetFieldValue<DateTimeOffset>(first + 8));
}

/// <summary>What the ledger holds on one operation.</summary>
/// <param name="Seq">The account's fence when this was read.</param>
/// <param name="Entry">The operation's entry, if it was applied.</param>
/// <param name="RequestHash">What was asked under this id.</param>
/// <param name="Hold">The operation's hold, if it exists.</param>
internal sealed record LedgerFacts(long Seq, CreditEntry? Entry, byte[]? RequestHash, CreditHold? Hold);
