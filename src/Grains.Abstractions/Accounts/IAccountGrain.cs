namespace AX2Caption.Grains.Abstractions.Accounts;

/// <summary>One account; the key is its id.</summary>
[Alias("ax2.IAccountGrain")]
public interface IAccountGrain : IGrainWithGuidKey
{
    /// <summary>Creates the account as a guest with the configured grant. Called again, it answers with the same account.</summary>
    [Alias("CreateGuest")]
    Task<GuestAccount> CreateGuest();
}
