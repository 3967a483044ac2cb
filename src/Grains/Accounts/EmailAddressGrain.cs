using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.AuditLog;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Mail;
using AX2Caption.Grains.Passwords;
using AX2Caption.Grains.Sessions;
using AX2Caption.Grains.Time;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Grains.Accounts;

/// <summary>
/// One request after the other, so that a thousand guesses at once are a thousand guesses in a row. Known and unknown
/// addresses go through the same reads, the same hashing and the same writes.
/// </summary>
internal sealed class EmailAddressGrain(
    NpgsqlDataSource database,
    MemberStore members,
    SessionStore sessions,
    SignInThrottleStore throttles,
    PasswordHashing hashing,
    MailQueue mails,
    AuditEvents events,
    IOptions<AccountOptions> accountOptions,
    IOptions<SignInOptions> signInOptions,
    TimeProvider time) : Grain, IEmailAddressGrain
{
    private string Key => this.GetPrimaryKeyString();

    public async Task<RegisterResult> Register(RegisterMember command)
    {
        var email = Read(command.Email);
        if (await hashing.Hash(command.PasswordDigest) is not { } passwordHash)
        {
            return new RegisterResult.Busy();
        }

        var registration = new Registration(
            command.RegistrationId, email, command.Name, command.Language, passwordHash, command.GuestId);
        await database.Transact(async connection =>
        {
            var now = time.UtcNow();
            if (await RegistrationStore.Lock(connection, command.RegistrationId) is not null)
            {
                // Said again since the answer was lost: it is noted, and its mail is on its way.
                return false;
            }

            if (await mails.TryEnqueue(connection, MailKind.ConfirmEmail, email, command.Language, now, command.RegistrationId))
            {
                await RegistrationStore.Insert(connection, registration, now, accountOptions.Value.ConfirmationLifetime);
            }

            await AuditLogStore.Append(
                connection, events.ByAnybody(AuditKinds.RegistrationRequested, command.GuestId, command.Origin));
            return true;
        });
        return new RegisterResult.Accepted();
    }

    public async Task<SignInResult> SignIn(SignIn command)
    {
        var (check, member, better) = await Check(command.PasswordDigest, AuditKinds.SignInFailed, command.Origin);
        switch (check)
        {
            case PasswordCheck.Right:
                break;
            case PasswordCheck.Throttled throttled:
                return new SignInResult.Throttled(throttled.RetryAfter);
            case PasswordCheck.Busy:
                return new SignInResult.Busy();
            default:
                return new SignInResult.WrongPassword();
        }

        return await database.Transact<SignInResult>(async connection =>
        {
            var now = time.UtcNow();
            // The password may have been replaced while it was compared, or the account deleted. A replacement ends all sessions, and
            // under this lock this one is among them or does not begin.
            if (await MemberStore.Lock(connection, member!.AccountId) is not { } current || !current.HasPasswordOf(member))
            {
                return new SignInResult.WrongPassword();
            }

            if (better is not null)
            {
                await MemberStore.Rehash(connection, member.AccountId, member.PasswordHash, better);
            }

            await SignInThrottleStore.Forget(connection, Key);
            await sessions.Insert(connection, member.AccountId, AccountKind.Member, command.Session, command.Origin, now);
            await AuditLogStore.Append(
                connection, events.ByOwner(AuditKinds.SignedIn, member.AccountId, command.Origin, $"session {command.Session.SessionId}"));
            return new SignInResult.SignedIn(await SessionStore.Find(connection, command.Session.SessionId, now)
                ?? throw new InvalidOperationException($"Account {member.AccountId} of a member is not open."));
        });
    }

    public async Task<PasswordCheck> CheckPassword(string passwordDigest, RequestOrigin origin)
    {
        var (check, _, _) = await Check(passwordDigest, AuditKinds.PasswordCheckFailed, origin);
        if (check is PasswordCheck.Right)
        {
            await database.Transact(async connection =>
            {
                await SignInThrottleStore.Forget(connection, Key);
                return true;
            });
        }

        return check;
    }

    public Task RequestPasswordReset(string email, string language, RequestOrigin origin) => database.Transact(async connection =>
    {
        await mails.TryEnqueue(connection, MailKind.ResetPassword, Read(email), language, time.UtcNow());
        await AuditLogStore.Append(connection, events.ByAnybody(AuditKinds.PasswordResetRequested, accountId: null, origin));
        return true;
    });

    private async Task<(PasswordCheck Check, Member? Member, string? BetterHash)> Check(
        string passwordDigest, string failure, RequestOrigin origin)
    {
        var throttle = await throttles.Load(Key);
        var wait = throttle.WaitAt(time.UtcNow(), signInOptions.Value);
        var member = await members.FindByEmail(Key);
        if (wait > TimeSpan.Zero)
        {
            await database.Transact(async connection =>
            {
                await AuditLogStore.Append(connection, events.ByAnybody(AuditKinds.SignInThrottled, member?.AccountId, origin));
                return true;
            });
            return (new PasswordCheck.Throttled(wait), null, null);
        }

        switch (await hashing.Verify(passwordDigest, member?.PasswordHash))
        {
            case PasswordVerdict.Busy:
                return (new PasswordCheck.Busy(), null, null);
            case PasswordVerdict.Right right:
                return (new PasswordCheck.Right(member!.AccountId), member, right.BetterHash);
        }

        await database.Transact(async connection =>
        {
            await SignInThrottleStore.Save(connection, Key, throttle.Failed(time.UtcNow(), signInOptions.Value));
            await AuditLogStore.Append(connection, events.ByAnybody(failure, member?.AccountId, origin));
            return true;
        });
        return (new PasswordCheck.Wrong(), null, null);
    }

    private EmailAddress Read(string email) => EmailAddress.Read(email) is { } address && address.Key == Key
        ? address
        : throw new ArgumentException("The address is not this grain's.", nameof(email));
}
