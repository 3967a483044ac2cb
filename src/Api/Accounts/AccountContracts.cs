using AX2Caption.Api.Credits;

namespace AX2Caption.Api.Accounts;

/// <summary>A new guest account and the token to use it with.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Kind"><c>guest</c>.</param>
/// <param name="AccessToken">Goes into the <c>Authorization</c> header, after <c>Bearer</c>. It is not shown again.</param>
/// <param name="TokenType"><c>Bearer</c>.</param>
/// <param name="ExpiresAt">Until when the token is good.</param>
/// <param name="Credits">What the account was granted.</param>
internal sealed record GuestSession(
    Guid AccountId,
    string Kind,
    string AccessToken,
    string TokenType,
    DateTimeOffset ExpiresAt,
    CreditAmounts Credits);
