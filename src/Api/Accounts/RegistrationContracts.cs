using AX2Caption.Api.Passwords;
using AX2Caption.Api.Validation;

namespace AX2Caption.Api.Accounts;

/// <summary>Somebody who wants to be a member.</summary>
/// <param name="Email">Their address, which a link is mailed to.</param>
/// <param name="Password">The password that they choose: 8 to 128 characters of any kind, not one of the first that a guesser would try.</param>
/// <param name="Name">What they want to be called; nothing if it is left out.</param>
/// <param name="Language">Of mails: <c>en</c> or <c>ko</c>; <c>en</c> if it is left out.</param>
internal sealed record NewRegistration(
    [Email] string Email,
    [Password(PasswordAttribute.Minimum)] string Password,
    [Line(100)] string? Name = null,
    [OneOf("en", "ko")] string? Language = null);

/// <summary>A link's secret that was mailed.</summary>
/// <param name="Token">What stands behind <c>token=</c> in the link.</param>
internal sealed record MailedToken([Base64UrlText(100)] string Token);

/// <summary>Somebody who has forgotten their password.</summary>
/// <param name="Email">Their address, which a link is mailed to if a member has it.</param>
/// <param name="Language">Of the page that asks; the mail is in the member's. <c>en</c> if it is left out.</param>
internal sealed record ForgottenPassword([Email] string Email, [OneOf("en", "ko")] string? Language = null);

/// <summary>A new password, by a link.</summary>
/// <param name="Token">What stands behind <c>token=</c> in the link.</param>
/// <param name="NewPassword">The password that they choose: 8 to 128 characters of any kind, not one of the first that a guesser would try.</param>
internal sealed record PasswordByLink([Base64UrlText(100)] string Token, [Password(PasswordAttribute.Minimum)] string NewPassword);

/// <summary>What was understood. It is the same whether anybody has the address.</summary>
/// <param name="Message">How it goes on, for people.</param>
internal sealed record Understood(string Message);
