using AX2Caption.Api.Passwords;
using AX2Caption.Api.Validation;
using AX2Caption.Grains.Abstractions.Accounts;

namespace AX2Caption.Api.Accounts;

/// <summary>The account of whoever asks.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind"><c>guest</c> or <c>member</c>.</param>
/// <param name="Email">The confirmed address; null for a guest.</param>
/// <param name="Name">What the member wants to be called; null for nothing.</param>
/// <param name="Language">Of mails: <c>en</c> or <c>ko</c>; null for a guest.</param>
/// <param name="Role"><c>user</c> or <c>admin</c>; null for a guest.</param>
/// <param name="CreatedAt">When the account was created.</param>
/// <param name="PasswordChangedAt">When the password was set; null for a guest.</param>
internal sealed record Me(
    Guid Id,
    string Kind,
    string? Email,
    string? Name,
    string? Language,
    string? Role,
    DateTimeOffset CreatedAt,
    DateTimeOffset? PasswordChangedAt)
{
    public static Me Of(AccountProfile profile) => new(
        profile.Account.AccountId,
        profile.Account.Kind.ToString().ToLowerInvariant(),
        profile.Member?.Email,
        profile.Member?.Name,
        profile.Member?.Language,
        profile.Member?.Role.ToString().ToLowerInvariant(),
        profile.Account.CreatedAt,
        profile.Member?.PasswordChangedAt);
}

/// <summary>What a member changes. What is left out stays.</summary>
/// <param name="Name">What they want to be called; an empty text takes the name away.</param>
/// <param name="Language">Of mails: <c>en</c> or <c>ko</c>.</param>
internal sealed record ProfileChange([LineOrNothing(100)] string? Name = null, [OneOf("en", "ko")] string? Language = null);

/// <summary>Another password.</summary>
/// <param name="CurrentPassword">The one that is good now.</param>
/// <param name="NewPassword">The password that they choose: 8 to 128 characters of any kind, not one of the first that a guesser would try.</param>
internal sealed record PasswordChange(
    [Password(1)] string CurrentPassword, [Password(PasswordAttribute.Minimum)] string NewPassword);

/// <summary>The end of an account.</summary>
/// <param name="Password">The member's password; left out by a guest, who has none.</param>
internal sealed record AccountEnd([Password(1)] string? Password = null);
