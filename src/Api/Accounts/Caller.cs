using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AX2Caption.Api.Accounts;

internal static class Caller
{
    /// <summary>The account whose token came with the request. Only for endpoints that require authorization.</summary>
    public static Guid AccountId(this ClaimsPrincipal caller) => Guid.ParseExact(caller.FindFirstValue(JwtRegisteredClaimNames.Sub)!, "D");
}
