namespace AX2Caption.Grains.Abstractions.Accounts;

/// <summary>One account; the key is its id.</summary>
[Alias("ax2.IAccountGrain")]
public interface IAccountGrain : IGrainWithGuidKey
{
    /// <summary>Creates the account as a guest with the configured grant. Called again, it answers with the same account.</summary>
    [Alias("CreateGuest")]
    Task<GuestAccount> CreateGuest();

    /// <summary>
    /// Creates the account as a guest, if the network it comes from has not had as many guests within a day as it may. Called
    /// again, it answers with the same account and counts nothing more.
    /// </summary>
    /// <param name="network">The client's IPv4 address or IPv6 network, 1 to 64 characters.</param>
    [Alias("AdmitGuest")]
    Task<AdmitGuestResult> AdmitGuest(string network);

    /// <summary>Creates the account as a member with the configured grant. Called again, it answers with the same account.</summary>
    [Alias("CreateMember")]
    Task<AccountSnapshot> CreateMember();

    /// <summary>
    /// Moves all that a guest has to this member, at once and once: videos, jobs, open holds, available credits. The guest's
    /// account is closed by it. Called again, it changes nothing and answers the same.
    /// </summary>
    [Alias("AdoptGuest")]
    Task<AdoptGuestResult> AdoptGuest(Guid guestId);

    /// <summary>The account; null if there is none.</summary>
    [Alias("Get")]
    Task<AccountSnapshot?> Get(CancellationToken cancellationToken);

    /// <summary>The account and what is known of its owner; null if there is none, or it was deleted.</summary>
    [Alias("GetProfile")]
    Task<AccountProfile?> GetProfile(CancellationToken cancellationToken);

    /// <summary>Changes a member's profile.</summary>
    /// <returns>The profile as it stands then; null for who is no member.</returns>
    [Alias("ChangeProfile")]
    Task<AccountProfile?> ChangeProfile(ChangeProfile command);

    /// <summary>Sets another password and ends all sessions but the one that asks.</summary>
    [Alias("ChangePassword")]
    Task<ConfirmedByPassword> ChangePassword(ChangePassword command);

    /// <summary>
    /// Deletes the account: its sessions end and what is personal goes in one commit; then its live jobs are canceled, which
    /// releases their credits, and its videos and captions are deleted. The ledger stays, with nobody's name on it.
    /// </summary>
    /// <param name="passwordDigest">What stands for the member's password; null for a guest, who has none.</param>
    /// <param name="origin">Where the wish came from.</param>
    [Alias("Delete")]
    Task<ConfirmedByPassword> Delete(string? passwordDigest, RequestOrigin origin);
}
