using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Database;
using Npgsql;

namespace AX2Caption.Grains.Accounts;

/// <summary>What is personal about members.</summary>
internal sealed class MemberStore(NpgsqlDataSource database)
{
    private const string Columns = "account_id, email, email_key, name, language, password_hash, password_changed_at, role, password_call";

    public async Task<Member?> FindByEmail(string emailKey, CancellationToken cancellationToken = default) =>
        (await database.Read($"select {Columns} from member where email_key = $1", [emailKey], Row, cancellationToken)).SingleOrDefault();

    public async Task<Member?> Load(Guid accountId, CancellationToken cancellationToken = default) =>
        (await database.Read($"select {Columns} from member where account_id = $1", [accountId], Row, cancellationToken)).SingleOrDefault();

    public static async Task<Member?> Lock(NpgsqlConnection connection, Guid accountId) =>
        (await connection.Read($"select {Columns} from member where account_id = $1 for update", [accountId], Row)).SingleOrDefault();

    /// <summary>Whether nobody has the address; until the transaction ends, nobody else can take it.</summary>
    public static async Task<bool> IsFree(NpgsqlConnection connection, EmailAddress email)
    {
        await connection.Execute("select pg_advisory_xact_lock(hashtextextended('member:' || $1, 0))", [email.Key]);
        return (await connection.Read("select 1 from member where email_key = $1", [email.Key], row => 1)).Count == 0;
    }

    public static Task Insert(NpgsqlConnection connection, Member member) => connection.Execute(
        $"insert into member ({Columns}, changed_at) values ($1, $2, $3, $4::text, $5, $6, $7, $8, null, $7)",
        [
            member.AccountId, member.Email.Text, member.Email.Key, member.Name, member.Language, member.PasswordHash, member.PasswordChangedAt,
            StoredName.Of(member.Role),
        ]);

    public static Task SetPassword(
        NpgsqlConnection connection, Guid accountId, string passwordHash, DateTimeOffset now, Guid? callId = null) => connection.Execute(
        "update member set password_hash = $2, password_changed_at = $3, changed_at = $3, password_call = $4::uuid where account_id = $1",
        [accountId, passwordHash, now, callId]);

    /// <summary>The same password in a better hash, unless it has been changed meanwhile.</summary>
    public static Task Rehash(NpgsqlConnection connection, Guid accountId, string before, string after) => connection.Execute(
        "update member set password_hash = $3 where account_id = $1 and password_hash = $2", [accountId, before, after]);

    /// <returns>False: it is no member's account.</returns>
    public async Task<bool> ChangeProfile(Guid accountId, ChangeProfile change, DateTimeOffset now) => await database.Execute(
        """
        update member
        set name = case when $2 then $3::text else name end, language = coalesce($4::text, language), changed_at = $5
        where account_id = $1
        """,
        [accountId, change.SetName, change.Name, change.Language, now]) == 1;

    public static Task Delete(NpgsqlConnection connection, Guid accountId) =>
        connection.Execute("delete from member where account_id = $1", [accountId]);

    private static Member Row(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        new EmailAddress(row.GetString(1), row.GetString(2)),
        row.NullableText(3),
        row.GetString(4),
        row.GetString(5),
        row.GetFieldValue<DateTimeOffset>(6),
        StoredName.Parse<MemberRole>(row.GetString(7)),
        row.Nullable<Guid>(8));
}

/// <summary>A member.</summary>
internal sealed record Member(
    Guid AccountId,
    EmailAddress Email,
    string? Name,
    string Language,
    string PasswordHash,
    DateTimeOffset PasswordChangedAt,
    MemberRole Role,
    Guid? PasswordCall = null)
{
    /// <summary>Whether the password is still the one of <paramref name="earlier"/>; another hash of it does not matter.</summary>
    public bool HasPasswordOf(Member earlier) => PasswordChangedAt == earlier.PasswordChangedAt;

    public MemberProfile Profile => new(Email.Text, Name, Language, Role, PasswordChangedAt);
}
