using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Credits;
using AX2Caption.Grains.Identity;
using AX2Caption.Grains.Time;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Accounts;

internal sealed partial class AccountGrain(
    AccountStore store,
    GuestAdmissionStore admissions,
    GuestAdoption adoption,
    MemberStore members,
    PasswordChange passwords,
    AccountDeletion deletion,
    IOptions<AccountOptions> accountOptions,
    IOptions<CreditOptions> creditOptions,
    TimeProvider time,
    ILogger<AccountGrain> logger) : Grain, IAccountGrain
{
    private const int MaximumNetworkLength = 64;

    private static readonly TimeSpan PurgePatience = TimeSpan.FromSeconds(5);

    private Guid AccountId => this.GetPrimaryKey();

    private IUserCreditGrain Credits => GrainFactory.GetGrain<IUserCreditGrain>(AccountId);

    public async Task<GuestAccount> CreateGuest() =>
        await WelcomeGuest((await store.Create(AccountId, AccountKind.Guest, time.UtcNow())).CreatedAt);

    public async Task<AdmitGuestResult> AdmitGuest(string network)
    {
        ArgumentException.ThrowIfNullOrEmpty(network);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(network.Length, MaximumNetworkLength, nameof(network));
        var limit = accountOptions.Value.GuestsPerNetworkAndDay;
        return await admissions.Admit(AccountId, network, limit, time.UtcNow()) switch
        {
            GuestAdmission.Admitted admitted => new AdmitGuestResult.Admitted(await WelcomeGuest(admitted.CreatedAt)),
            GuestAdmission.Refused refused => new AdmitGuestResult.TooManyGuests(limit, refused.RetryAfter),
            var unknown => throw new InvalidOperationException($"An admission does not end in {unknown.GetType().Name}."),
        };
    }

    public async Task<AccountSnapshot> CreateMember()
    {
        var member = await store.Create(AccountId, AccountKind.Member, time.UtcNow());
        await Welcome("member-grant", creditOptions.Value.MemberGrant, "Welcome, member.");
        return member;
    }

    public async Task<AdoptGuestResult> AdoptGuest(Guid guestId)
    {
        var result = await adoption.Adopt(guestId, AccountId);
        if (result is AdoptGuestResult.Adopted { Replayed: false })
        {
            LogAdopted(guestId, AccountId);
        }

        return result;
    }

    public Task<AccountSnapshot?> Get(CancellationToken cancellationToken) => store.Load(AccountId, cancellationToken);

    public async Task<AccountProfile?> GetProfile(CancellationToken cancellationToken) =>
        await store.Load(AccountId, cancellationToken) is { ClosedAt: null } account
            ? new AccountProfile(account, (await members.Load(AccountId, cancellationToken))?.Profile)
            : null;

    public async Task<AccountProfile?> ChangeProfile(ChangeProfile command) =>
        await members.ChangeProfile(AccountId, command, time.UtcNow()) ? await GetProfile(CancellationToken.None) : null;

    public async Task<ConfirmedByPassword> ChangePassword(ChangePassword command)
    {
        if (await members.Load(AccountId) is not { } member)
        {
            return new ConfirmedByPassword.NotAMember();
        }

        // Said again since its answer was lost: what it calls the current password is the former one by now.
        return member.PasswordCall == command.CallId
            ? new ConfirmedByPassword.Done()
            : await CheckPassword(member, command.CurrentDigest, command.Origin) ?? await passwords.Change(member, command);
    }

    public async Task<ConfirmedByPassword> Delete(string? passwordDigest, RequestOrigin origin)
    {
        if (await store.Load(AccountId) is not { } account)
        {
            return new ConfirmedByPassword.NotAMember();
        }

        if (account.ClosedAt is null)
        {
            if (await members.Load(AccountId) is { } member && await CheckPassword(member, passwordDigest, origin) is { } refused)
            {
                return refused;
            }

            if (!await deletion.Close(AccountId, origin) && (await store.Load(AccountId))?.ClosedAt is null)
            {
                // A guest who became a member at this moment: everything is the member's.
                return new ConfirmedByPassword.NotAMember();
            }

            LogDeleted(AccountId);
        }

        await TryPurge();
        return new ConfirmedByPassword.Done();
    }

    /// <returns>Null: it is the password.</returns>
    private async Task<ConfirmedByPassword?> CheckPassword(Member member, string? digest, RequestOrigin origin)
    {
        if (digest is null)
        {
            return new ConfirmedByPassword.WrongPassword();
        }

        return await GrainFactory.GetGrain<IEmailAddressGrain>(member.Email.Key).CheckPassword(digest, origin) switch
        {
            PasswordCheck.Right right when right.AccountId == AccountId => null,
            PasswordCheck.Throttled throttled => new ConfirmedByPassword.Throttled(throttled.RetryAfter),
            PasswordCheck.Busy => new ConfirmedByPassword.Busy(),
            _ => new ConfirmedByPassword.WrongPassword(),
        };
    }

    /// <summary>The sweep comes back to what fails here.</summary>
    private async Task TryPurge()
    {
        try
        {
            // Nobody waits longer than a call may take; what is under way goes on.
            await deletion.Purge(AccountId).WaitAsync(PurgePatience, time);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // Whatever it was, the account is closed and its owner must hear so.
            LogPurgeOwed(fault, AccountId);
        }
    }

    private async Task<GuestAccount> WelcomeGuest(DateTimeOffset createdAt)
    {
        await Welcome("guest-grant", creditOptions.Value.GuestGrant, "Welcome, guest.");
        return new GuestAccount(AccountId, createdAt, await Credits.GetBalance(CancellationToken.None));
    }

    private async Task Welcome(string grant, long amount, string reason)
    {
        if (amount == 0)
        {
            return;
        }

        // The id makes the grant happen once, however often a crash or a lost answer makes this run. It is refused to an account
        // that has it in another amount, from before the setting changed, and to a guest who is a member by now.
        var command = new GrantCredits(DerivedId.From(AccountId, grant), amount, reason, GrantSource.Welcome);
        if (await Credits.Grant(command) is CreditResult.Busy)
        {
            throw new ServiceUnavailableException("The account's credits are too busy for its grant.");
        }
    }

    [LoggerMessage(LogLevel.Information, "Guest {GuestId} has become member {MemberId}.")]
    private partial void LogAdopted(Guid guestId, Guid memberId);

    [LoggerMessage(LogLevel.Information, "Account {AccountId} was deleted.")]
    private partial void LogDeleted(Guid accountId);

    [LoggerMessage(LogLevel.Warning, "What account {AccountId} left could not all be deleted and still is to be.")]
    private partial void LogPurgeOwed(Exception fault, Guid accountId);
}
