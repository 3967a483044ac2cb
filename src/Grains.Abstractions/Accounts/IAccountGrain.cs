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
}
