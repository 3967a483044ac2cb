namespace AX2Caption.Grains.Abstractions.Accounts;

/// <summary>One link that was mailed; the key is the hexadecimal SHA-256 of its secret. It does its work once.</summary>
[Alias("ax2.IAccountLinkGrain")]
public interface IAccountLinkGrain : IGrainWithStringKey
{
    /// <summary>Whose password the link may set; null if it is no such link, or not good any more.</summary>
    [Alias("FindOwner")]
    Task<MemberProfile?> FindOwner(CancellationToken cancellationToken);

    /// <summary>Makes the registration that the link was mailed for a member, who has what the guest had that registered.</summary>
    [Alias("ConfirmEmail")]
    Task<ConfirmEmailResult> ConfirmEmail(RequestOrigin origin);

    /// <summary>Sets a new password and ends every session of the account.</summary>
    [Alias("ResetPassword")]
    Task<ResetPasswordResult> ResetPassword(string passwordDigest, RequestOrigin origin);
}

/// <summary>What became of a confirmation.</summary>
[GenerateSerializer, Immutable, Alias("ax2.ConfirmEmailResult")]
public abstract record ConfirmEmailResult
{
    private ConfirmEmailResult()
    {
    }

    /// <summary>There is a member now.</summary>
    /// <param name="AccountId">The member's account.</param>
    [GenerateSerializer, Immutable, Alias("ax2.ConfirmEmailResult.Confirmed")]
    public sealed record Confirmed([property: Id(0)] Guid AccountId) : ConfirmEmailResult;

    /// <summary>It is no such link, was used, is too old, or somebody else has confirmed the address since.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.ConfirmEmailResult.LinkNotValid")]
    public sealed record LinkNotValid : ConfirmEmailResult;
}

/// <summary>What became of a reset.</summary>
[GenerateSerializer, Immutable, Alias("ax2.ResetPasswordResult")]
public abstract record ResetPasswordResult
{
    private ResetPasswordResult()
    {
    }

    /// <summary>The new password is the only one now.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.ResetPasswordResult.Reset")]
    public sealed record Reset : ResetPasswordResult;

    /// <summary>It is no such link, was used or is too old.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.ResetPasswordResult.LinkNotValid")]
    public sealed record LinkNotValid : ResetPasswordResult;

    /// <summary>Too many passwords are being hashed; the link is as good as before.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.ResetPasswordResult.Busy")]
    public sealed record Busy : ResetPasswordResult;
}
