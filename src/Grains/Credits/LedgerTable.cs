using System.Collections.Immutable;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Database;
using Npgsql;
using NpgsqlTypes;

namespace AX2Caption.Grains.Credits;

/// <summary>The one statement that writes the ledger: many accounts, many entries, a fence for each account.</summary>
internal sealed class LedgerTable(LedgerDatabase database)
{
    // Accounts are locked in the order of their ids, so that the writers of two silos cannot wait for each other. An account
    // that has moved, or that has one of the operations in its ledger, is missing from `moved`, and so is all that is its.
    // `is true` keeps the look-ups in `moved` from being turned into joins: see PlannedOnce.
    private const string Sql = """
        with account as materialized (
            select * from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
                as t (account_id, expected, seq, available, reserved)),
        entry as materialized (
            select * from unnest(
                    $6::uuid[], $7::bigint[], $8::uuid[], $9::text[], $10::uuid[], $11::bigint[], $12::bigint[], $13::bigint[],
                    $14::bytea[], $15::text[], $16::timestamptz[], $17::text[], $18::timestamptz[], $19::uuid[], $20::text[])
                as t (account_id, seq, op_id, kind, hold_id, amount, available_after, reserved_after,
                      request_hash, reason, at, source, expires_at, grant_id, actor)),
        known as materialized (
            select entry.account_id from entry join credit_entry e on e.account_id = entry.account_id and e.op_id = entry.op_id),
        locked as materialized (
            select a.account_id, account.seq, account.available, account.reserved
            from account join credit_account a on a.account_id = account.account_id and a.seq = account.expected
            where a.account_id not in (select account_id from known)
            order by a.account_id
            for update of a),
        moved as (
            update credit_account a set seq = locked.seq, available = locked.available, reserved = locked.reserved
            from locked where a.account_id = locked.account_id
            returning a.account_id),
        entries as (
            insert into credit_entry (
                account_id, seq, op_id, kind, hold_id, amount, available_after, reserved_after,
                request_hash, reason, at, source, expires_at, grant_id, actor)
            select * from entry where (account_id in (select account_id from moved)) is true),
        opened as (
            insert into credit_hold (account_id, hold_id, amount, state, expires_at, shares)
            select account_id, hold_id, amount, state, expires_at, shares::jsonb
            from unnest($21::uuid[], $22::uuid[], $23::bigint[], $24::text[], $25::timestamptz[], $26::text[])
                as t (account_id, hold_id, amount, state, expires_at, shares)
            where (account_id in (select account_id from moved)) is true),
        changed as (
            update credit_hold h set state = t.state, expires_at = t.expires_at
            from unnest($27::uuid[], $28::uuid[], $29::text[], $30::timestamptz[]) as t (account_id, hold_id, state, expires_at)
            where (t.account_id in (select account_id from moved)) is true
              and h.account_id = t.account_id and h.hold_id = t.hold_id and (h.state = 'open') is true),
        granted as (
            insert into credit_grant (account_id, grant_id, remaining, is_open, expires_at)
            select account_id, grant_id, remaining, remaining > 0, expires_at
            from unnest($31::uuid[], $32::uuid[], $33::bigint[], $34::timestamptz[]) as t (account_id, grant_id, remaining, expires_at)
            where (account_id in (select account_id from moved)) is true
            on conflict (account_id, grant_id) do update set remaining = excluded.remaining, is_open = excluded.is_open)
        select account_id from moved
        """;

    /// <summary>Writes each batch whose account still stands where the batch began, whole, and of the others nothing.</summary>
    /// <returns>The accounts whose batches are written.</returns>
    public async Task<HashSet<Guid>> Write(IReadOnlyList<AccountBatch> batches, TimeSpan timeout)
    {
        await using var connection = await database.Open();
        await using var command = new NpgsqlCommand(Sql, connection) { CommandTimeout = (int)Math.Ceiling(timeout.TotalSeconds) };
        AddAccounts(command, batches);
        AddEntries(command, [.. batches.SelectMany(
            batch => batch.Entries, (batch, written) => (batch.AccountId, written.Entry, written.RequestHash))]);
        var holds = batches.SelectMany(
                batch => batch.Holds.Values,
                (batch, open) => (batch.AccountId, open.Hold, open.Shares, IsNew: batch.Opens(open.Hold.HoldId)))
            .ToLookup(row => row.IsNew);
        AddOpenedHolds(command, [.. holds[true].Select(row => (row.AccountId, row.Hold, row.Shares))]);
        AddChangedHolds(command, [.. holds[false].Select(row => (row.AccountId, row.Hold))]);
        AddGrants(command, [.. batches.SelectMany(batch => batch.Grants.Values, (batch, grant) => (batch.AccountId, grant))]);

        // Planned once for each connection: planning takes as long as writing dozens of entries.
        await command.PrepareAsync();
        await using var reader = await command.ExecuteReaderAsync();
        var moved = new HashSet<Guid>();
        while (await reader.ReadAsync())
        {
            moved.Add(reader.GetGuid(0));
        }

        return moved;
    }

    private static void AddAccounts(NpgsqlCommand command, IReadOnlyList<AccountBatch> batches)
    {
        Add(command, NpgsqlDbType.Uuid, batches, batch => batch.AccountId);
        Add(command, NpgsqlDbType.Bigint, batches, batch => batch.Expected);
        Add(command, NpgsqlDbType.Bigint, batches, batch => batch.After.Seq);
        Add(command, NpgsqlDbType.Bigint, batches, batch => batch.After.Available);
        Add(command, NpgsqlDbType.Bigint, batches, batch => batch.After.Reserved);
    }

    private static void AddEntries(NpgsqlCommand command, IReadOnlyList<(Guid AccountId, CreditEntry Entry, byte[] RequestHash)> rows)
    {
        Add(command, NpgsqlDbType.Uuid, rows, row => row.AccountId);
        Add(command, NpgsqlDbType.Bigint, rows, row => row.Entry.Seq);
        Add(command, NpgsqlDbType.Uuid, rows, row => row.Entry.OpId);
        Add(command, NpgsqlDbType.Text, rows, row => StoredName.Of(row.Entry.Kind));
        Add(command, NpgsqlDbType.Uuid, rows, row => row.Entry.HoldId);
        Add(command, NpgsqlDbType.Bigint, rows, row => row.Entry.Amount);
        Add(command, NpgsqlDbType.Bigint, rows, row => row.Entry.AvailableAfter);
        Add(command, NpgsqlDbType.Bigint, rows, row => row.Entry.ReservedAfter);
        Add(command, NpgsqlDbType.Bytea, rows, row => row.RequestHash);
        Add(command, NpgsqlDbType.Text, rows, row => row.Entry.Reason);
        Add(command, NpgsqlDbType.TimestampTz, rows, row => row.Entry.At);
        Add(command, NpgsqlDbType.Text, rows, row => row.Entry.Source is { } source ? StoredName.Of(source) : null);
        Add(command, NpgsqlDbType.TimestampTz, rows, row => row.Entry.ExpiresAt);
        Add(command, NpgsqlDbType.Uuid, rows, row => row.Entry.GrantId);
        Add(command, NpgsqlDbType.Text, rows, row => row.Entry.Actor);
    }

    private static void AddOpenedHolds(
        NpgsqlCommand command, IReadOnlyList<(Guid AccountId, CreditHold Hold, ImmutableArray<GrantShare> Shares)> rows)
    {
        Add(command, NpgsqlDbType.Uuid, rows, row => row.AccountId);
        Add(command, NpgsqlDbType.Uuid, rows, row => row.Hold.HoldId);
        Add(command, NpgsqlDbType.Bigint, rows, row => row.Hold.Amount);
        Add(command, NpgsqlDbType.Text, rows, row => StoredName.Of(row.Hold.State));
        Add(command, NpgsqlDbType.TimestampTz, rows, row => row.Hold.ExpiresAt);
        Add(command, NpgsqlDbType.Text, rows, row => StoredShares.Write(row.Shares));
    }

    private static void AddChangedHolds(NpgsqlCommand command, IReadOnlyList<(Guid AccountId, CreditHold Hold)> rows)
    {
        Add(command, NpgsqlDbType.Uuid, rows, row => row.AccountId);
        Add(command, NpgsqlDbType.Uuid, rows, row => row.Hold.HoldId);
        Add(command, NpgsqlDbType.Text, rows, row => StoredName.Of(row.Hold.State));
        Add(command, NpgsqlDbType.TimestampTz, rows, row => row.Hold.ExpiresAt);
    }

    private static void AddGrants(NpgsqlCommand command, IReadOnlyList<(Guid AccountId, ExpiringGrant Grant)> rows)
    {
        Add(command, NpgsqlDbType.Uuid, rows, row => row.AccountId);
        Add(command, NpgsqlDbType.Uuid, rows, row => row.Grant.GrantId);
        Add(command, NpgsqlDbType.Bigint, rows, row => row.Grant.Remaining);
        Add(command, NpgsqlDbType.TimestampTz, rows, row => row.Grant.ExpiresAt);
    }

    private static void Add<TRow, TValue>(NpgsqlCommand command, NpgsqlDbType type, IReadOnlyList<TRow> rows, Func<TRow, TValue> value)
    {
        var column = new TValue[rows.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = value(rows[i]);
        }

        command.Parameters.Add(new NpgsqlParameter<TValue[]> { TypedValue = column, NpgsqlDbType = NpgsqlDbType.Array | type });
    }
}
