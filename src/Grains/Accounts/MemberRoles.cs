using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.AuditLog;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Time;
using Npgsql;

namespace AX2Caption.Grains.Accounts;

/// <summary>Gives members roles and takes them away, for whoever may use the Silo's database; no grain and no request does.</summary>
public sealed class MemberRoles(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Sets a member's role and notes it in the audit log, in one commit. It counts from that commit on, also for sessions that live.</summary>
    /// <param name="email">The member's address, as it may be typed.</param>
    /// <param name="role">The role from now on.</param>
    /// <param name="user">Who does it: the name of the operating system's user.</param>
    /// <returns>The member's account, and whether the role is another one than before; null: no member has that address.</returns>
    public async Task<RoleChange?> Set(string email, MemberRole role, string user)
    {
        if (EmailAddress.Read(email) is not { } address)
        {
            return null;
        }

        return await database.Transact(async connection =>
        {
            var now = time.UtcNow();
            var before = await connection.Read(
                "select account_id, role from member where email_key = $1 for update",
                [address.Key],
                row => (AccountId: row.GetGuid(0), Role: StoredName.Parse<MemberRole>(row.GetString(1))));
            if (before is not [var member])
            {
                return null;
            }

            if (member.Role == role)
            {
                return new RoleChange(member.AccountId, Changed: false);
            }

            await connection.Execute(
                "update member set role = $2, changed_at = $3 where account_id = $1", [member.AccountId, StoredName.Of(role), now]);
            var kind = role == MemberRole.Admin ? AuditKinds.RoleGranted : AuditKinds.RoleRevoked;
            await AuditLogStore.Append(
                connection, new AuditEvents(time).ByCommandLine(kind, member.AccountId, user, nameof(MemberRole.Admin).ToLowerInvariant()));
            return new RoleChange(member.AccountId, Changed: true);
        });
    }
}

/// <summary>What became of a role.</summary>
/// <param name="AccountId">Whose it is.</param>
/// <param name="Changed">False: it was so before.</param>
public sealed record RoleChange(Guid AccountId, bool Changed);
