using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.AuditLog;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Mail;
using AX2Caption.Grains.Passwords;
using AX2Caption.Grains.Sessions;
using AX2Caption.Grains.Time;
using Npgsql;

namespace AX2Caption.Grains.Accounts;

internal sealed class AccountLinkGrain(
    NpgsqlDataSource database,
    AccountLinkStore links,
    MemberStore members,
    RegistrationCompletion completion,
    PasswordHashing hashing,
    AuditEvents events,
    TimeProvider time) : Grain, IAccountLinkGrain
{
    private byte[] Hash => Convert.FromHexString(this.GetPrimaryKeyString());

    public async Task<MemberProfile?> FindOwner(CancellationToken cancellationToken) =>
        await links.Load(Hash, cancellationToken) is { } link && link.IsGood(LinkPurpose.ResetPassword, time.UtcNow())
            ? (await members.Load(link.AccountId!.Value, cancellationToken))?.Profile
            : null;

    public async Task<ConfirmEmailResult> ConfirmEmail(RequestOrigin origin)
    {
        var result = await database.Transact<ConfirmEmailResult>(async connection =>
        {
            var now = time.UtcNow();
            var link = await AccountLinkStore.Lock(connection, Hash);
            if (link?.WasUsedBy(LinkPurpose.ConfirmEmail, origin.RequestId) == true)
            {
                return new ConfirmEmailResult.Confirmed(link.RegistrationId!.Value);
            }

            if (link?.IsGood(LinkPurpose.ConfirmEmail, now) != true
                || await RegistrationStore.Lock(connection, link.RegistrationId!.Value) is not { ConfirmedAt: null } registration)
            {
                return new ConfirmEmailResult.LinkNotValid();
            }

            if (!await CreateMember(connection, registration, now))
            {
                // Nothing can come of it any more.
                await AccountLinkStore.Forget(connection, registration.RegistrationId);
                await RegistrationStore.Delete(connection, registration.RegistrationId);
                return new ConfirmEmailResult.LinkNotValid();
            }

            await AccountLinkStore.Use(connection, link, origin.RequestId, now);
            await AuditLogStore.Append(connection, events.ByOwner(AuditKinds.MemberCreated, registration.RegistrationId, origin));
            return new ConfirmEmailResult.Confirmed(registration.RegistrationId);
        });
        if (result is ConfirmEmailResult.Confirmed { AccountId: var memberId })
        {
            await completion.Complete(memberId);
        }

        return result;
    }

    public async Task<ResetPasswordResult> ResetPassword(string passwordDigest, RequestOrigin origin)
    {
        // Looked at first, so that nobody without a link makes anything be hashed.
        var link = await links.Load(Hash);
        if (link?.WasUsedBy(LinkPurpose.ResetPassword, origin.RequestId) == true)
        {
            return new ResetPasswordResult.Reset();
        }

        if (link?.IsGood(LinkPurpose.ResetPassword, time.UtcNow()) != true)
        {
            return new ResetPasswordResult.LinkNotValid();
        }

        if (await hashing.Hash(passwordDigest) is not { } passwordHash)
        {
            return new ResetPasswordResult.Busy();
        }

        return await database.Transact<ResetPasswordResult>(async connection =>
        {
            var now = time.UtcNow();
            var good = await AccountLinkStore.Lock(connection, Hash);
            if (good?.WasUsedBy(LinkPurpose.ResetPassword, origin.RequestId) == true)
            {
                return new ResetPasswordResult.Reset();
            }

            if (good?.IsGood(LinkPurpose.ResetPassword, now) != true
                || await MemberStore.Lock(connection, good.AccountId!.Value) is not { } member)
            {
                return new ResetPasswordResult.LinkNotValid();
            }

            await AccountLinkStore.Use(connection, good, origin.RequestId, now);
            await AccountLinkStore.EndResets(connection, member.AccountId);
            await MemberStore.SetPassword(connection, member.AccountId, passwordHash, now);
            await SignInThrottleStore.Forget(connection, member.Email.Key);
            await SessionStore.EndAll(connection, member.AccountId, SessionEnd.PasswordChanged, now);
            await MailQueue.Enqueue(connection, MailKind.PasswordChanged, member.Email, member.Language, now);
            await AuditLogStore.Append(connection, events.ByAnybody(AuditKinds.PasswordReset, member.AccountId, origin, "by a link that was mailed"));
            return new ResetPasswordResult.Reset();
        });
    }

    /// <returns>False: somebody has confirmed the address since.</returns>
    private static async Task<bool> CreateMember(NpgsqlConnection connection, Registration registration, DateTimeOffset now)
    {
        // Of two links for one address, whose grains know nothing of each other, the second finds the first one's member.
        if (!await MemberStore.IsFree(connection, registration.Email))
        {
            return false;
        }

        var memberId = registration.RegistrationId;
        await AccountStore.TryInsert(connection, memberId, AccountKind.Member, now);
        await MemberStore.Insert(connection, new Member(
            memberId, registration.Email, registration.Name, registration.Language, registration.PasswordHash, now, MemberRole.User));
        await RegistrationStore.Confirm(connection, registration.RegistrationId, now);
        return true;
    }
}
