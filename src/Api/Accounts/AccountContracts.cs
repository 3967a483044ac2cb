using AX2Caption.Api.Credits;
using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Credits;

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

/// <summary>An account, as operators see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind"><c>guest</c> or <c>member</c>.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="MergedInto">The member that the guest became, who has all its videos, jobs and credits; null for an account of its own.</param>
/// <param name="Credits">Its credits.</param>
internal sealed record Account(Guid Id, string Kind, DateTimeOffset CreatedAt, Guid? MergedInto, CreditsInFull Credits)
{
    public static Account Of(AccountSnapshot account, CreditOverview credits) => new(
        account.AccountId, account.Kind.ToString().ToLowerInvariant(), account.CreatedAt, account.MergedInto, CreditsInFull.Of(credits));
}
