using AX2Caption.Grains.Abstractions.Sessions;

namespace AX2Caption.Grains.Abstractions.Accounts;

/// <summary>
/// What can be asked in the name of one e-mail address, one request after the other; the key is <see cref="EmailAddress.Key"/>.
/// Nothing that it answers, and no time it takes, tells whether anybody has that address, except to who knows the password.
/// </summary>
[Alias("ax2.IEmailAddressGrain")]
public interface IEmailAddressGrain : IGrainWithStringKey
{
    /// <summary>Notes the wish to be a member and mails a link that makes it true, or, to a member, that there is an account already.</summary>
    [Alias("Register")]
    Task<RegisterResult> Register(RegisterMember command);

    /// <summary>Checks the password and starts a session. Wrong passwords are answered ever more slowly.</summary>
    [Alias("SignIn")]
    Task<SignInResult> SignIn(SignIn command);

    /// <summary>Checks the password of somebody who is signed in already, under the same throttle.</summary>
    [Alias("CheckPassword")]
    Task<PasswordCheck> CheckPassword(string passwordDigest, RequestOrigin origin);

    /// <summary>Mails a member a link to set a new password; to anybody else nothing.</summary>
    /// <param name="email">The address, as it was typed now.</param>
    /// <param name="language"><c>en</c> or <c>ko</c>.</param>
    /// <param name="origin">Where the wish came from.</param>
    [Alias("RequestPasswordReset")]
    Task RequestPasswordReset(string email, string language, RequestOrigin origin);
}

/// <summary>Somebody who wants to be a member.</summary>
/// <param name="RegistrationId">Names the wish; the same again changes nothing.</param>
/// <param name="Email">The address, as it was typed.</param>
/// <param name="PasswordDigest">What stands for the password here: 64 characters of base64, never the password.</param>
/// <param name="Name">What they want to be called, 1 to 100 characters; null for nothing.</param>
/// <param name="Language">Of mails: <c>en</c> or <c>ko</c>.</param>
/// <param name="GuestId">The guest that they are now and whose belongings they will have; null if they are nobody yet.</param>
/// <param name="Origin">Where the wish came from.</param>
[GenerateSerializer, Immutable, Alias("ax2.RegisterMember")]
public sealed record RegisterMember(
    [property: Id(0)] Guid RegistrationId,
    [property: Id(1)] string Email,
    [property: Id(2)] string PasswordDigest,
    [property: Id(3)] string? Name,
    [property: Id(4)] string Language,
    [property: Id(5)] Guid? GuestId,
    [property: Id(6)] RequestOrigin Origin);

/// <summary>What became of the wish to be a member.</summary>
[GenerateSerializer, Immutable, Alias("ax2.RegisterResult")]
public abstract record RegisterResult
{
    private RegisterResult()
    {
    }

    /// <summary>Whoever reads the address's mail knows how it goes on.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.RegisterResult.Accepted")]
    public sealed record Accepted : RegisterResult;

    /// <summary>Too many passwords are being hashed; nothing was noted.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.RegisterResult.Busy")]
    public sealed record Busy : RegisterResult;
}

/// <summary>Somebody who says who they are.</summary>
/// <param name="PasswordDigest">What stands for the password here.</param>
/// <param name="Session">The session to start.</param>
/// <param name="Origin">Where it came from.</param>
[GenerateSerializer, Immutable, Alias("ax2.SignIn")]
public sealed record SignIn(
    [property: Id(0)] string PasswordDigest, [property: Id(1)] NewSession Session, [property: Id(2)] RequestOrigin Origin);

/// <summary>What became of a sign-in.</summary>
[GenerateSerializer, Immutable, Alias("ax2.SignInResult")]
public abstract record SignInResult
{
    private SignInResult()
    {
    }

    /// <summary>The password is right and the session has begun.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.SignInResult.SignedIn")]
    public sealed record SignedIn([property: Id(0)] LiveSession Session) : SignInResult;

    /// <summary>The password is wrong, or nobody has the address.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.SignInResult.WrongPassword")]
    public sealed record WrongPassword : SignInResult;

    /// <summary>There were too many wrong passwords; this one was not looked at.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.SignInResult.Throttled")]
    public sealed record Throttled([property: Id(0)] TimeSpan RetryAfter) : SignInResult;

    /// <summary>Too many passwords are being hashed; this one was not looked at.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.SignInResult.Busy")]
    public sealed record Busy : SignInResult;
}

/// <summary>What became of checking a password.</summary>
[GenerateSerializer, Immutable, Alias("ax2.PasswordCheck")]
public abstract record PasswordCheck
{
    private PasswordCheck()
    {
    }

    /// <summary>It is right.</summary>
    /// <param name="AccountId">Whose it is.</param>
    [GenerateSerializer, Immutable, Alias("ax2.PasswordCheck.Right")]
    public sealed record Right([property: Id(0)] Guid AccountId) : PasswordCheck;

    /// <summary>It is wrong, or nobody has the address.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.PasswordCheck.Wrong")]
    public sealed record Wrong : PasswordCheck;

    /// <summary>There were too many wrong ones; this one was not looked at.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.PasswordCheck.Throttled")]
    public sealed record Throttled([property: Id(0)] TimeSpan RetryAfter) : PasswordCheck;

    /// <summary>Too many passwords are being hashed; this one was not looked at.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.PasswordCheck.Busy")]
    public sealed record Busy : PasswordCheck;
}
