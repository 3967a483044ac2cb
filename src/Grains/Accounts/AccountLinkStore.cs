using AX2Caption.Grains.Database;
using Npgsql;

namespace AX2Caption.Grains.Accounts;

/// <summary>The table of links that were mailed.</summary>
internal sealed class AccountLinkStore(NpgsqlDataSource database)
{
    private const string Columns = "link_hash, purpose, registration_id, account_id, expires_at, used_at, used_request";

    public Task InsertConfirmation(AccountLink link, Guid registrationId, DateTimeOffset now, TimeSpan lifetime) => database.Execute(
        """
        insert into account_link (link_hash, purpose, registration_id, created_at, expires_at) values ($1, 'confirm_email', $2, $3, $4)
        """,
        [link.Hash, registrationId, now, now + lifetime]);

    /// <returns>False: the member is gone. A deletion that is under way takes this link too, or is waited for.</returns>
    public async Task<bool> TryInsertReset(AccountLink link, Guid accountId, DateTimeOffset now, TimeSpan lifetime) => await database.Execute(
        """
        insert into account_link (link_hash, purpose, account_id, created_at, expires_at)
        select $1, 'reset_password', account_id, $3, $4 from member where account_id = $2 for key share
        """,
        [link.Hash, accountId, now, now + lifetime]) == 1;

    public async Task<StoredLink?> Load(byte[] hash, CancellationToken cancellationToken = default) =>
        (await database.Read($"select {Columns} from account_link where link_hash = $1", [hash], Row, cancellationToken)).SingleOrDefault();

    public static async Task<StoredLink?> Lock(NpgsqlConnection connection, byte[] hash) =>
        (await connection.Read($"select {Columns} from account_link where link_hash = $1 for update", [hash], Row)).SingleOrDefault();

    public static Task Use(NpgsqlConnection connection, StoredLink link, string requestId, DateTimeOffset now) => connection.Execute(
        "update account_link set used_at = $2, used_request = $3 where link_hash = $1", [link.Hash, now, requestId]);

    /// <summary>A password that was set makes all other links to set it worthless.</summary>
    public static Task EndResets(NpgsqlConnection connection, Guid accountId) => connection.Execute(
        "delete from account_link where account_id = $1 and used_at is null", [accountId]);

    public static Task Forget(NpgsqlConnection connection, Guid accountId) =>
        connection.Execute("delete from account_link where account_id = $1 or registration_id = $1", [accountId]);

    public Task<int> DeleteExpired(DateTimeOffset now, int limit, CancellationToken cancellationToken) => database.Execute(
        """
        delete from account_link where link_hash in (
            select link_hash from account_link where expires_at <= $1 order by expires_at limit $2 for update skip locked)
        """,
        [now, limit],
        cancellationToken);

    private static StoredLink Row(NpgsqlDataReader row) => new(
        row.GetFieldValue<byte[]>(0),
        StoredName.Parse<LinkPurpose>(row.GetString(1)),
        row.Nullable<Guid>(2),
        row.Nullable<Guid>(3),
        row.GetFieldValue<DateTimeOffset>(4),
        row.Nullable<DateTimeOffset>(5),
        row.NullableText(6));
}

/// <summary>What a link does; the names are stored.</summary>
internal enum LinkPurpose
{
    /// <summary>Shows that an address is its registrant's.</summary>
    ConfirmEmail,

    /// <summary>Sets a new password.</summary>
    ResetPassword,
}

/// <summary>A link that was mailed.</summary>
internal sealed record StoredLink(
    byte[] Hash,
    LinkPurpose Purpose,
    Guid? RegistrationId,
    Guid? AccountId,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? UsedAt,
    string? UsedRequest)
{
    public bool IsGood(LinkPurpose purpose, DateTimeOffset now) => Purpose == purpose && UsedAt is null && now < ExpiresAt;

    /// <summary>Whether it is this very request that used it, said again since its answer was lost.</summary>
    public bool WasUsedBy(LinkPurpose purpose, string requestId) => Purpose == purpose && UsedAt is not null && UsedRequest == requestId;
}
