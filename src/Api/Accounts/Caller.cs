using System.Security.Claims;
using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Sessions;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AX2Caption.Api.Accounts;

/// <summary>Who sent the request. The token names the session; all else is what the cluster says of that session at this moment.</summary>
internal static class Caller
{
    public const string KindClaim = "kind";
    public const string AdminClaim = "admin";
    public const string Member = "member";

    /// <summary>Whoever is signed in. Nothing of what a token may claim besides comes along.</summary>
    public static ClaimsPrincipal Of(LiveSession session)
    {
        var identity = new ClaimsIdentity(
            [
                new Claim(JwtRegisteredClaimNames.Sub, session.AccountId.ToString()),
                new Claim(JwtRegisteredClaimNames.Sid, session.SessionId.ToString()),
                new Claim(KindClaim, session.Kind == AccountKind.Member ? Member : "guest"),
            ],
            "session");
        if (session.IsAdmin)
            identity.AddClaim(new Claim(AdminClaim, "true"));
        return new ClaimsPrincipal(identity);
    }

    /// <summary>The account whose token came with the request. Only for endpoints that need one.</summary>
    public static Guid AccountId(this ClaimsPrincipal caller) => Guid.ParseExact(caller.FindFirstValue(JwtRegisteredClaimNames.Sub)!, "D");

    /// <summary>The session whose token came with the request. Only for endpoints that need one.</summary>
    public static Guid SessionId(this ClaimsPrincipal caller) => Guid.ParseExact(caller.FindFirstValue(JwtRegisteredClaimNames.Sid)!, "D");

    public static bool IsMember(this ClaimsPrincipal caller) => caller.HasClaim(KindClaim, Member);

    /// <summary>How an admin's doings are signed in ledgers: names change, and are nobody's business there.</summary>
    public static string AdminSignature(this ClaimsPrincipal caller) => $"admin {caller.AccountId()}";
}
