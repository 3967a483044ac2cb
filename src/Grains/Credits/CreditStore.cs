using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Database;
using Npgsql;

namespace AX2Caption.Grains.Credits;

/// <summary>Reads the ledger's tables. Every write but the adoption of a guest is <see cref="LedgerTable"/>'s.</summary>
internal sealed class CreditStore(NpgsqlDataSource database)
{
    /// <summary>
    /// This account and the guests that became it: what was done and what ended as a guest's is still the member's to ask for.
    /// </summary>
    private const string OwnAccounts = "(select $1 union all select account_id from account where merged_into = $1)";

    /// <summary>The account with what is open, as of one snapshot. What it costs does not depend on how long its ledger is.</summary>
    public async Task<LoadedAccount> Load(Guid accountId, CancellationToken cancellationToken = default)
    {
        const string Sql = """
            select a.seq, a.available, a.reserved, account.merged_into, o.kind, o.id, o.amount, o.expires_at, o.shares
            from credit_account a
            join account on account.account_id = a.account_id
            left join (
                select account_id, 'hold' as kind, hold_id as id, amount, expires_at, shares::text as shares
                from credit_hold where state = 'open'
                union all
                select account_id, 'grant', grant_id, remaining, expires_at, null from credit_grant where is_open) o
                on o.account_id = a.account_id
            where a.account_id = $1
            """;
        var rows = await database.Read(Sql, [accountId], row => (
            Seq: row.GetInt64(0), Available: row.GetInt64(1), Reserved: row.GetInt64(2), MergedInto: row.Nullable<Guid>(3),
            Hold: row.NullableText(4) == "hold" ? Hold(row) : null,
            Grant: row.NullableText(4) == "grant" ? Grant(row) : null),
            cancellationToken);
        return rows switch
        {
            [] => new LoadedAccount.NotFound(),
            [{ MergedInto: { } member }, ..] => new LoadedAccount.Moved(member),
            [var account, ..] => new LoadedAccount.Found(CreditAccount.Of(
                account.Seq, account.Available, account.Reserved,
                [.. rows.Select(row => row.Hold).OfType<OpenHold>()], [.. rows.Select(row => row.Grant).OfType<ExpiringGrant>()])),
        };

        static OpenHold Hold(NpgsqlDataReader row) => new(
            new CreditHold(row.GetGuid(5), row.GetInt64(6), CreditHoldState.Open, row.GetFieldValue<DateTimeOffset>(7)),
            StoredShares.Read(row.NullableText(8)));

        static ExpiringGrant Grant(NpgsqlDataReader row) => new(row.GetGuid(5), row.GetInt64(6), row.GetFieldValue<DateTimeOffset>(7));
    }

    /// <summary>
    /// What is known of these operations and their holds. The account's number is read last: if it is still the one that memory
    /// has had since before this began, then the rest was read at that number, too.
    /// </summary>
    public async Task<LedgerFacts> LookUp(Guid accountId, IReadOnlyCollection<CreditOperation> operations)
    {
        var known = await database.Read(
            $"""
            select request_hash, {EntryColumns} from credit_entry
            where account_id in {OwnAccounts} and op_id = any($2)
            """,
            [accountId, operations.Select(operation => operation.OpId).ToArray()],
            row => (Entry: Entry(row, 1), RequestHash: row.GetFieldValue<byte[]>(0)));
        var ended = await database.Read(
            $"""
            select h.hold_id, h.amount, h.state, h.expires_at,
                   coalesce((select s.amount from credit_entry s
                             where s.account_id = h.account_id and s.hold_id = h.hold_id and s.kind = 'settle'), 0),
                   coalesce((select sum(r.amount) from credit_entry r
                             where r.account_id in {OwnAccounts} and r.hold_id = h.hold_id and r.kind = 'refund'), 0)::bigint
            from credit_hold h
            where h.account_id in {OwnAccounts} and h.hold_id = any($2) and h.state <> 'open'
            """,
            [accountId, operations.Select(operation => operation.HoldId).OfType<Guid>().ToArray()],
            row => new EndedHold(
                new CreditHold(
                    row.GetGuid(0), row.GetInt64(1), StoredName.Parse<CreditHoldState>(row.GetString(2)), row.GetFieldValue<DateTimeOffset>(3)),
                row.GetInt64(4),
                row.GetInt64(5)));
        var seq = await database.Read("select seq from credit_account where account_id = $1", [accountId], row => row.GetInt64(0));
        return new LedgerFacts(seq.Single(), known.ToDictionary(fact => fact.Entry.OpId), ended.ToDictionary(hold => hold.Hold.HoldId));
    }

    public async Task<CreditEntryPage> List(Guid accountId, CreditEntryQuery query, CancellationToken cancellationToken)
    {
        var limit = Math.Clamp(query.Limit, 1, 200);
        var kinds = query.Kinds is { Count: > 0 } ? query.Kinds.Select(StoredName.Of).ToArray() : null;
        var entries = await database.Read(
            $"""
            select {EntryColumns} from credit_entry
            where account_id = $1 and seq < $2
              and ($3::text[] is null or kind = any($3))
              and ($4::timestamptz is null or at >= $4)
              and ($5::timestamptz is null or at < $5)
            order by seq desc
            limit $6
            """,
            [accountId, query.Before ?? long.MaxValue, kinds, query.From, query.Until, limit + 1],
            row => Entry(row, 0),
            cancellationToken);
        return entries.Count > limit
            ? new CreditEntryPage(entries[..limit], entries[limit - 1].Seq)
            : new CreditEntryPage(entries, Next: null);
    }

    /// <summary>Accounts that have holds or grants whose time is over, wherever their grains are.</summary>
    public Task<List<Guid>> AccountsWithDue(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        database.Read(
            """
            select account_id from (
                (select account_id, expires_at from credit_hold where state = 'open' and expires_at <= $1 order by expires_at limit $2)
                union all
                (select account_id, expires_at from credit_grant where is_open and expires_at <= $1 order by expires_at limit $2)) due
            group by account_id
            order by min(expires_at)
            limit $2
            """,
            [now, limit],
            row => row.GetGuid(0),
            cancellationToken);

    private const string EntryColumns = """
        seq, op_id, kind, hold_id, amount, available_after, reserved_after, reason, at, source, expires_at, grant_id, other_account_id, actor
        """;

    private static CreditEntry Entry(NpgsqlDataReader row, int first) => new(
        row.GetInt64(first),
        row.GetGuid(first + 1),
        StoredName.Parse<CreditEntryKind>(row.GetString(first + 2)),
        row.Nullable<Guid>(first + 3),
        row.GetInt64(first + 4),
        row.GetInt64(first + 5),
        row.GetInt64(first + 6),
        row.GetString(first + 7),
        row.GetFieldValue<DateTimeOffset>(first + 8),
        row.NullableText(first + 9) is { } source ? StoredName.Parse<GrantSource>(source) : null,
        row.Nullable<DateTimeOffset>(first + 10),
        row.Nullable<Guid>(first + 11),
        row.Nullable<Guid>(first + 12),
        row.NullableText(first + 13));
}
