namespace AX2Caption.Grains.Abstractions.Accounts;

/// <summary>An account, as its owner sees it.</summary>
/// <param name="Account">The account.</param>
/// <param name="Member">What is known of its owner; null for a guest.</param>
[GenerateSerializer, Immutable, Alias("ax2.AccountProfile")]
public sealed record AccountProfile([property: Id(0)] AccountSnapshot Account, [property: Id(1)] MemberProfile? Member);

/// <summary>What is known of a member.</summary>
/// <param name="Email">The confirmed address.</param>
/// <param name="Name">What they want to be called; null for nothing.</param>
/// <param name="Language">Of mails: <c>en</c> or <c>ko</c>.</param>
/// <param name="Role">What they may do.</param>
/// <param name="PasswordChangedAt">When the password was set.</param>
[GenerateSerializer, Immutable, Alias("ax2.MemberProfile")]
public sealed record MemberProfile(
    [property: Id(0)] string Email,
    [property: Id(1)] string? Name,
    [property: Id(2)] string Language,
    [property: Id(3)] MemberRole Role,
    [property: Id(4)] DateTimeOffset PasswordChangedAt);

/// <summary>What a member may do; the names are stored.</summary>
[GenerateSerializer, Alias("ax2.MemberRole")]
public enum MemberRole
{
    /// <summary>What everybody may.</summary>
    User = 0,

    /// <summary>Also what operators may. Only the command <c>Silo admin grant-role</c> gives it.</summary>
    Admin = 1,
}

/// <summary>What a member changes of their profile.</summary>
/// <param name="SetName">Whether the name changes.</param>
/// <param name="Name">The new name, 1 to 100 characters; null takes it away.</param>
/// <param name="Language">The new language; null leaves it.</param>
[GenerateSerializer, Immutable, Alias("ax2.ChangeProfile")]
public sealed record ChangeProfile([property: Id(0)] bool SetName, [property: Id(1)] string? Name, [property: Id(2)] string? Language);

/// <summary>A member who wants another password.</summary>
/// <param name="CurrentDigest">What stands for the password they have.</param>
/// <param name="NewDigest">What stands for the new one.</param>
/// <param name="SessionId">The session that goes on; all others end.</param>
/// <param name="Origin">Where the wish came from.</param>
/// <param name="CallId">Names the wish, so that it may be said again.</param>
[GenerateSerializer, Immutable, Alias("ax2.ChangePassword")]
public sealed record ChangePassword(
    [property: Id(0)] string CurrentDigest,
    [property: Id(1)] string NewDigest,
    [property: Id(2)] Guid SessionId,
    [property: Id(3)] RequestOrigin Origin,
    [property: Id(4)] Guid CallId);

/// <summary>What became of what needs the password.</summary>
[GenerateSerializer, Immutable, Alias("ax2.ConfirmedByPassword")]
public abstract record ConfirmedByPassword
{
    private ConfirmedByPassword()
    {
    }

    /// <summary>It is done.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.ConfirmedByPassword.Done")]
    public sealed record Done : ConfirmedByPassword;

    /// <summary>The password is wrong, or is needed and was not given.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.ConfirmedByPassword.WrongPassword")]
    public sealed record WrongPassword : ConfirmedByPassword;

    /// <summary>There were too many wrong ones.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.ConfirmedByPassword.Throttled")]
    public sealed record Throttled([property: Id(0)] TimeSpan RetryAfter) : ConfirmedByPassword;

    /// <summary>Too many passwords are being hashed.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.ConfirmedByPassword.Busy")]
    public sealed record Busy : ConfirmedByPassword;

    /// <summary>There is no such account, or it is a guest's and has no password.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.ConfirmedByPassword.NotAMember")]
    public sealed record NotAMember : ConfirmedByPassword;
}
