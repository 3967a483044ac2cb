using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.AuditLog;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Mail;
using AX2Caption.Grains.Passwords;
using AX2Caption.Grains.Sessions;
using AX2Caption.Grains.Time;
using Npgsql;

namespace AX2Caption.Grains.Accounts;

/// <summary>Sets another password for a member who has shown the one they have, and tells the address about it.</summary>
internal sealed class PasswordChange(NpgsqlDataSource database, PasswordHashing hashing, AuditEvents events, TimeProvider time)
{
    public async Task<ConfirmedByPassword> Change(Member member, ChangePassword command)
    {
        if (await hashing.Hash(command.NewDigest) is not { } passwordHash)
        {
            return new ConfirmedByPassword.Busy();
        }

        return await database.Transact<ConfirmedByPassword>(async connection =>
        {
            var now = time.UtcNow();
            if (await MemberStore.Lock(connection, member.AccountId) is not { } current)
            {
                return new ConfirmedByPassword.NotAMember();
            }

            if (!current.HasPasswordOf(member))
            {
                // A reset came between: what was shown is the password no longer.
                return new ConfirmedByPassword.WrongPassword();
            }

            await MemberStore.SetPassword(connection, member.AccountId, passwordHash, now, command.CallId);
            await AccountLinkStore.EndResets(connection, member.AccountId);
            await SessionStore.EndAll(connection, member.AccountId, SessionEnd.PasswordChanged, now, except: command.SessionId);
            await MailQueue.Enqueue(connection, MailKind.PasswordChanged, member.Email, member.Language, now);
            await AuditLogStore.Append(connection, events.ByOwner(AuditKinds.PasswordChanged, member.AccountId, command.Origin));
            return new ConfirmedByPassword.Done();
        });
    }
}
