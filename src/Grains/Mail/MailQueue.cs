using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Database;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Grains.Mail;

/// <summary>The table of mails to be sent. One is claimed for a while; if its sender dies, another one sends it.</summary>
internal sealed class MailQueue(NpgsqlDataSource database, IOptions<MailOptions> options)
{
    private static readonly TimeSpan CountedFor = TimeSpan.FromHours(1);

    /// <summary>Queues a mail that only the member can have caused: no stranger who uses up the address's mails keeps it from them.</summary>
    public static Task Enqueue(NpgsqlConnection connection, MailKind kind, EmailAddress email, string language, DateTimeOffset now) =>
        connection.Execute(
            """
            insert into outgoing_mail (mail_id, kind, email, email_key, language, queued_at, available_at)
            values ($1, $2, $3, $4, $5, $6, $6)
            """,
            [Guid.CreateVersion7(now), StoredName.Of(kind), email.Text, email.Key, language, now]);

    /// <summary>Queues a mail that anybody can ask for, unless the address has had as many as it may within the hour.</summary>
    /// <returns>Whether it was queued.</returns>
    public async Task<bool> TryEnqueue(
        NpgsqlConnection connection, MailKind kind, EmailAddress email, string language, DateTimeOffset now, Guid? registrationId = null) =>
        await connection.Execute(
            """
            insert into outgoing_mail (mail_id, kind, email, email_key, language, registration_id, queued_at, available_at)
            select $1, $2, $3, $4, $5, $6::uuid, $7, $7
            where (select count(*) from outgoing_mail where email_key = $4 and queued_at > $8) < $9
            """,
            [
                Guid.CreateVersion7(now), StoredName.Of(kind), email.Text, email.Key, language, registrationId, now, now - CountedFor,
                options.Value.PerAddressAndHour,
            ]) == 1;

    /// <summary>Takes the mail that is longest due, for as long as <paramref name="lease"/>; null if none is.</summary>
    public async Task<ClaimedMail?> Claim(DateTimeOffset now, TimeSpan lease, CancellationToken cancellationToken) => (await database.Read(
        """
        update outgoing_mail set attempt = attempt + 1, available_at = $2
        where mail_id = (
            select mail_id from outgoing_mail where ended_at is null and available_at <= $1
            order by available_at limit 1 for update skip locked)
        returning mail_id, kind, email, email_key, language, registration_id, attempt
        """,
        [now, now + lease],
        row => new ClaimedMail(
            row.GetGuid(0), StoredName.Parse<MailKind>(row.GetString(1)), new EmailAddress(row.GetString(2), row.GetString(3)), row.GetString(4),
            row.Nullable<Guid>(5), row.GetInt32(6)),
        cancellationToken)).SingleOrDefault();

    /// <summary>Sent, or not to be sent.</summary>
    public Task End(ClaimedMail mail, DateTimeOffset now) => database.Execute(
        "update outgoing_mail set ended_at = $3 where mail_id = $1 and attempt = $2 and ended_at is null", [mail.MailId, mail.Attempt, now]);

    /// <summary>To be tried again.</summary>
    public Task Return(ClaimedMail mail, DateTimeOffset availableAt) => database.Execute(
        "update outgoing_mail set available_at = $3 where mail_id = $1 and attempt = $2 and ended_at is null",
        [mail.MailId, mail.Attempt, availableAt]);

    /// <summary>Takes out of the table whatever is known of an address.</summary>
    public static Task Forget(NpgsqlConnection connection, string emailKey) =>
        connection.Execute("delete from outgoing_mail where email_key = $1", [emailKey]);

    public Task<int> DeleteOld(DateTimeOffset before, int limit, CancellationToken cancellationToken) => database.Execute(
        """
        delete from outgoing_mail where mail_id in (
            select mail_id from outgoing_mail where ended_at < $1 order by ended_at limit $2 for update skip locked)
        """,
        [before, limit],
        cancellationToken);
}

/// <summary>What a mail is for; the names are stored.</summary>
internal enum MailKind
{
    /// <summary>Asks whoever registered to show that the address is theirs.</summary>
    ConfirmEmail,

    /// <summary>Lets a member set a new password.</summary>
    ResetPassword,

    /// <summary>Tells a member that their password is another one now.</summary>
    PasswordChanged,
}

/// <summary>A mail that is to be sent now, by whoever holds this.</summary>
internal sealed record ClaimedMail(Guid MailId, MailKind Kind, EmailAddress Email, string Language, Guid? RegistrationId, int Attempt);
