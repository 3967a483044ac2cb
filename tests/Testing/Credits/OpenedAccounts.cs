using AX2Caption.Testing.Postgres;
using Npgsql;

namespace AX2Caption.Testing.Credits;

/// <summary>Accounts with credits, written straight into the tables: thousands of them in a moment, and no grain knows them yet.</summary>
public static class OpenedAccounts
{
    /// <summary>Makes guests whose ledger has one entry, a grant that never lapses.</summary>
    /// <returns>Their ids.</returns>
    public static async Task<IReadOnlyList<Guid>> Open(
        TestDatabase database, int count, long credits, CancellationToken cancellationToken = default)
    {
        const string Sql = """
            with opened as (
                insert into account (account_id, kind, created_at)
                select id, 'guest', now() from unnest($1::uuid[]) as id),
            funded as (
                insert into credit_account (account_id, seq, available, reserved)
                select id, 1, $2, 0 from unnest($1::uuid[]) as id)
            insert into credit_entry
                (account_id, seq, op_id, kind, amount, available_after, reserved_after, request_hash, reason, at, source)
            select id, 1, id, 'grant', $2, $2, 0, sha256(uuid_send(id)), 'Opened for a test.', now(), 'welcome'
            from unnest($1::uuid[]) as id
            """;
        var accounts = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToArray();
        await using var owner = NpgsqlDataSource.Create(database.OwnerConnectionString);
        await using var command = owner.CreateCommand(Sql);
        command.Parameters.AddWithValue(accounts);
        command.Parameters.AddWithValue(credits);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return accounts;
    }
}
