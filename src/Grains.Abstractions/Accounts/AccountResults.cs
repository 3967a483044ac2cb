namespace AX2Caption.Grains.Abstractions.Accounts;

/// <summary>What became of the wish to be a guest.</summary>
[GenerateSerializer, Immutable, Alias("ax2.AdmitGuestResult")]
public abstract record AdmitGuestResult
{
    private AdmitGuestResult()
    {
    }

    /// <summary>The account exists.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.AdmitGuestResult.Admitted")]
    public sealed record Admitted([property: Id(0)] GuestAccount Account) : AdmitGuestResult;

    /// <summary>The network has had as many guests within a day as it may.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.AdmitGuestResult.TooManyGuests")]
    public sealed record TooManyGuests([property: Id(0)] int Limit, [property: Id(1)] TimeSpan RetryAfter) : AdmitGuestResult;
}

/// <summary>What became of the wish to move a guest's belongings to a member.</summary>
[GenerateSerializer, Immutable, Alias("ax2.AdoptGuestResult")]
public abstract record AdoptGuestResult
{
    private AdoptGuestResult()
    {
    }

    /// <summary>All that was the guest's is the member's, now or since an earlier call.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.AdoptGuestResult.Adopted")]
    public sealed record Adopted([property: Id(0)] bool Replayed) : AdoptGuestResult;

    /// <summary>There is no such guest.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.AdoptGuestResult.GuestNotFound")]
    public sealed record GuestNotFound : AdoptGuestResult;

    /// <summary>The guest has become another member.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.AdoptGuestResult.AdoptedByAnother")]
    public sealed record AdoptedByAnother : AdoptGuestResult;

    /// <summary>This account is not a member's.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.AdoptGuestResult.NotAMember")]
    public sealed record NotAMember : AdoptGuestResult;
}
