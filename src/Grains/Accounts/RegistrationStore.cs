using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Database;
using Npgsql;

namespace AX2Caption.Grains.Accounts;

/// <summary>People who want to be members, until they have shown that the address is theirs and have all that they are to get.</summary>
internal sealed class RegistrationStore(NpgsqlDataSource database)
{
    private const string Columns = "registration_id, email, email_key, name, language, password_hash, guest_id, confirmed_at";

    public static Task Insert(NpgsqlConnection connection, Registration registration, DateTimeOffset now, TimeSpan lifetime) => connection.Execute(
        """
        insert into registration (registration_id, email, email_key, name, language, password_hash, guest_id, created_at, expires_at)
        values ($1, $2, $3, $4::text, $5, $6, $7::uuid, $8, $9)
        on conflict (registration_id) do nothing
        """,
        [
            registration.RegistrationId, registration.Email.Text, registration.Email.Key, registration.Name, registration.Language,
            registration.PasswordHash, registration.GuestId, now, now + lifetime,
        ]);

    /// <summary>Keeps a registration at least until then.</summary>
    /// <returns>False: there is none that waits for its confirmation.</returns>
    public async Task<bool> Extend(Guid registrationId, DateTimeOffset until, CancellationToken cancellationToken) => await database.Execute(
        "update registration set expires_at = greatest(expires_at, $2) where registration_id = $1 and confirmed_at is null",
        [registrationId, until],
        cancellationToken) == 1;

    public async Task<Registration?> Load(Guid registrationId) =>
        (await database.Read($"select {Columns} from registration where registration_id = $1", [registrationId], Row)).SingleOrDefault();

    public static async Task<Registration?> Lock(NpgsqlConnection connection, Guid registrationId) =>
        (await connection.Read($"select {Columns} from registration where registration_id = $1 for update", [registrationId], Row))
        .SingleOrDefault();

    /// <summary>The member exists; what the registration owes is owed from here on.</summary>
    public static Task Confirm(NpgsqlConnection connection, Guid registrationId, DateTimeOffset now) => connection.Execute(
        "update registration set confirmed_at = $2 where registration_id = $1", [registrationId, now]);

    public Task Delete(Guid registrationId) =>
        database.Execute("delete from registration where registration_id = $1", [registrationId]);

    public static Task Delete(NpgsqlConnection connection, Guid registrationId) =>
        connection.Execute("delete from registration where registration_id = $1", [registrationId]);

    /// <summary>Confirmed ones that still owe something.</summary>
    public Task<List<Guid>> Owing(DateTimeOffset confirmedBefore, int limit, CancellationToken cancellationToken) => database.Read(
        "select registration_id from registration where confirmed_at < $1 order by confirmed_at limit $2",
        [confirmedBefore, limit],
        row => row.GetGuid(0),
        cancellationToken);

    /// <summary>Deletes those that were not confirmed in time.</summary>
    public Task<int> DeleteExpired(DateTimeOffset now, int limit, CancellationToken cancellationToken) => database.Execute(
        """
        delete from registration where registration_id in (
            select registration_id from registration where expires_at <= $1 and confirmed_at is null
            order by expires_at limit $2 for update skip locked)
        """,
        [now, limit],
        cancellationToken);

    /// <summary>Takes out what an account that is deleted has begun as a guest, and what waits under its address.</summary>
    public static Task Forget(NpgsqlConnection connection, Guid accountId, string? emailKey) => connection.Execute(
        """
        delete from registration
        where registration_id = $1
           -- What was confirmed is a member's already, and still owes them something.
           or (confirmed_at is null
               and (email_key = $2::text
                    or guest_id = any (array(select $1::uuid union all select account_id from account where merged_into = $1))))
        """,
        [accountId, emailKey]);

    private static Registration Row(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        new EmailAddress(row.GetString(1), row.GetString(2)),
        row.NullableText(3),
        row.GetString(4),
        row.GetString(5),
        row.Nullable<Guid>(6),
        row.Nullable<DateTimeOffset>(7));
}

/// <summary>Somebody who wants to be a member; the member's account will have the registration's id.</summary>
internal sealed record Registration(
    Guid RegistrationId,
    EmailAddress Email,
    string? Name,
    string Language,
    string PasswordHash,
    Guid? GuestId,
    DateTimeOffset? ConfirmedAt = null);
