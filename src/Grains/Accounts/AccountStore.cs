using AX2Caption.Grains.Database;
using Npgsql;

namespace AX2Caption.Grains.Accounts;

/// <summary>Accounts, each with its row in the credit ledger from the first moment.</summary>
internal sealed class AccountStore(NpgsqlDataSource database)
{
    /// <summary>Creates a guest unless the account exists, and answers when it was created.</summary>
    public Task<DateTimeOffset> CreateGuest(Guid accountId, DateTimeOffset now) => database.Transact(async connection =>
    {
        await connection.Execute(
            "insert into account (account_id, kind, created_at) values ($1, 'guest', $2) on conflict (account_id) do nothing",
            [accountId, now]);
        await connection.Execute(
            "insert into credit_account (account_id) values ($1) on conflict (account_id) do nothing", [accountId]);
        var created = await connection.Read(
            "select created_at from account where account_id = $1", [accountId], row => row.GetFieldValue<DateTimeOffset>(0));
        return created.Single();
    });
}
