using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Database;
using Npgsql;

namespace AX2Caption.Grains.Accounts;

/// <summary>Accounts, each with its row in the credit ledger from the first moment.</summary>
internal sealed class AccountStore(NpgsqlDataSource database)
{
    private const string Columns = "account_id, kind, created_at, merged_into, closed_at";
    private const string Select = $"select {Columns} from account where account_id = $1";

    public async Task<AccountSnapshot?> Load(Guid accountId, CancellationToken cancellationToken = default) =>
        (await database.Read(Select, [accountId], Row, cancellationToken)).SingleOrDefault();

    /// <summary>Creates the account unless it exists; one of another kind is a fault.</summary>
    public Task<AccountSnapshot> Create(Guid accountId, AccountKind kind, DateTimeOffset now) => database.Transact(async connection =>
    {
        await TryInsert(connection, accountId, kind, now);
        return OfKind(kind, (await Load(connection, accountId))!);
    });

    public static async Task<AccountSnapshot?> Load(NpgsqlConnection connection, Guid accountId) =>
        (await connection.Read(Select, [accountId], Row)).SingleOrDefault();

    /// <summary>
    /// Both accounts, as far as they exist, locked in the order of their ids. The lock excludes the share lock under which a
    /// video or job is inserted, but not the key-share lock that foreign keys take: rows that are there already go on.
    /// </summary>
    public static Task<List<AccountSnapshot>> Lock(NpgsqlConnection connection, Guid one, Guid other) =>
        connection.Read(
            $"select {Columns} from account where account_id in ($1, $2) order by account_id for no key update", [one, other], Row);

    /// <returns>False: the account exists already.</returns>
    public static async Task<bool> TryInsert(NpgsqlConnection connection, Guid accountId, AccountKind kind, DateTimeOffset now)
    {
        var inserted = await connection.Execute(
            "insert into account (account_id, kind, created_at) values ($1, $2, $3) on conflict (account_id) do nothing",
            [accountId, StoredName.Of(kind), now]);
        await connection.Execute(
            "insert into credit_account (account_id) values ($1) on conflict (account_id) do nothing", [accountId]);
        return inserted == 1;
    }

    /// <summary>An id never changes from a guest's to a member's or back; whoever mixes them up is told so.</summary>
    public static AccountSnapshot OfKind(AccountKind kind, AccountSnapshot account) => account.Kind == kind
        ? account
        : throw new InvalidOperationException($"Account {account.AccountId} is of kind {account.Kind}, not {kind}.");

    private static AccountSnapshot Row(NpgsqlDataReader row) => new(
        row.GetGuid(0), StoredName.Parse<AccountKind>(row.GetString(1)), row.GetFieldValue<DateTimeOffset>(2), row.Nullable<Guid>(3),
        row.Nullable<DateTimeOffset>(4));
}
