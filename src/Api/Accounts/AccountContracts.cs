using AX2Caption.Api.Credits;
using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Credits;

namespace AX2Caption.Api.Accounts;

/// <summary>An account, as operators see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind"><c>guest</c> or <c>member</c>.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="MergedInto">The member that the guest became, who has all its videos, jobs and credits; null for an account of its own.</param>
/// <param name="DeletedAt">When its owner deleted it; null for one that is open.</param>
/// <param name="Email">The member's address; null for a guest and for who is gone.</param>
/// <param name="Name">What the member wants to be called; null for nothing.</param>
/// <param name="Role"><c>user</c> or <c>admin</c>; null for a guest and for who is gone.</param>
/// <param name="Credits">Its credits.</param>
internal sealed record Account(
    Guid Id,
    string Kind,
    DateTimeOffset CreatedAt,
    Guid? MergedInto,
    DateTimeOffset? DeletedAt,
    string? Email,
    string? Name,
    string? Role,
    CreditsInFull Credits)
{
    public static Account Of(AccountSnapshot account, MemberProfile? member, CreditOverview credits) => new(
        account.AccountId,
        account.Kind.ToString().ToLowerInvariant(),
        account.CreatedAt,
        account.MergedInto,
        account.ClosedAt,
        member?.Email,
        member?.Name,
        member?.Role.ToString().ToLowerInvariant(),
        CreditsInFull.Of(credits));
}
