using AX2Caption.Api.Accounts;
using AX2Caption.Api.Credits;
using AX2Caption.Api.Passwords;
using AX2Caption.Api.Validation;
using AX2Caption.Grains.Abstractions.Sessions;

namespace AX2Caption.Api.Sessions;

/// <summary>How a session is to be held.</summary>
/// <param name="Cookie">Whether the refresh token goes into a cookie that scripts cannot read, instead of the answer. For browsers.</param>
internal sealed record NewGuest(bool Cookie = false);

/// <summary>Somebody who signs in.</summary>
/// <param name="Email">The address of the account.</param>
/// <param name="Password">Its password.</param>
/// <param name="Cookie">Whether the refresh token goes into a cookie that scripts cannot read, instead of the answer. For browsers.</param>
internal sealed record SignInRequest([Email] string Email, [Password(1)] string Password, bool Cookie = false);

/// <summary>A session to be refreshed or ended.</summary>
/// <param name="RefreshToken">Its newest refresh token; left out, the cookie counts.</param>
internal sealed record SessionRequest([Base64UrlText(200)] string? RefreshToken = null);

/// <summary>What a client needs to act for an account.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Kind"><c>guest</c> or <c>member</c>.</param>
/// <param name="AccessToken">Goes into the <c>Authorization</c> header, after <c>Bearer</c>. It is not shown again.</param>
/// <param name="TokenType"><c>Bearer</c>.</param>
/// <param name="ExpiresAt">Until when the access token is good.</param>
/// <param name="RefreshToken">Gets the next access token, once: each refresh answers with another one. Null if it is in the cookie.</param>
/// <param name="SessionExpiresAt">Until when the session lasts if it is not refreshed.</param>
internal sealed record SessionTokens(
    Guid AccountId,
    string Kind,
    string AccessToken,
    string TokenType,
    DateTimeOffset ExpiresAt,
    string? RefreshToken,
    DateTimeOffset SessionExpiresAt);

/// <summary>A new guest account and what a client needs to act for it.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Kind"><c>guest</c>.</param>
/// <param name="AccessToken">Goes into the <c>Authorization</c> header, after <c>Bearer</c>. It is not shown again.</param>
/// <param name="TokenType"><c>Bearer</c>.</param>
/// <param name="ExpiresAt">Until when the access token is good.</param>
/// <param name="RefreshToken">Gets the next access token, once: each refresh answers with another one. Null if it is in the cookie.</param>
/// <param name="SessionExpiresAt">Until when the session lasts if it is not refreshed.</param>
/// <param name="Credits">What the account was granted.</param>
internal sealed record GuestSession(
    Guid AccountId,
    string Kind,
    string AccessToken,
    string TokenType,
    DateTimeOffset ExpiresAt,
    string? RefreshToken,
    DateTimeOffset SessionExpiresAt,
    CreditAmounts Credits)
{
    public static GuestSession Of(SessionTokens tokens, CreditAmounts credits) => new(
        tokens.AccountId, tokens.Kind, tokens.AccessToken, tokens.TokenType, tokens.ExpiresAt, tokens.RefreshToken, tokens.SessionExpiresAt, credits);
}

/// <summary>A device that is signed in.</summary>
/// <param name="Id">The session's id.</param>
/// <param name="Current">Whether it is the one that asks.</param>
/// <param name="CreatedAt">When somebody signed in.</param>
/// <param name="LastUsedAt">When it was last refreshed.</param>
/// <param name="ExpiresAt">Until when it lasts if it is not refreshed.</param>
/// <param name="Address">The IP address it was last refreshed from.</param>
/// <param name="Device">What the client called itself; null if nothing.</param>
internal sealed record SignedInDevice(
    Guid Id, bool Current, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt, DateTimeOffset ExpiresAt, string Address, string? Device)
{
    public static SignedInDevice Of(SessionSnapshot session, Guid current) => new(
        session.SessionId, session.SessionId == current, session.CreatedAt, session.LastUsedAt, session.ExpiresAt, session.Address, session.Device);
}
