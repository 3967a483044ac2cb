using System.Security.Claims;
using AX2Caption.Api.Errors;
using Microsoft.AspNetCore.Authorization;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AX2Caption.Api.Accounts;

/// <summary>The people who run the service. Their tokens come from the command <c>create-operator-token</c> and from nowhere else.</summary>
internal static class Operators
{
    public const string Policy = "operator";
    public const string Role = "operator";

    /// <summary>The claim of RFC 9068, section 2.2.3.1, that holds roles.</summary>
    public const string RolesClaim = "roles";

    public static void AddOperatorPolicy(this AuthorizationOptions authorization) => authorization.AddPolicy(
        Policy, policy => policy.RequireAuthenticatedUser().RequireRole(Role).RequireClaim(JwtRegisteredClaimNames.Name));

    /// <summary>Lets nobody in but operators.</summary>
    public static RouteGroupBuilder RequireOperator(this RouteGroupBuilder group) =>
        group.RequireAuthorization(Policy).Refuses(ErrorTable.OperatorOnly);

    /// <summary>The operator whose token came with the request. Only for endpoints that require one.</summary>
    public static string OperatorName(this ClaimsPrincipal caller) => caller.FindFirstValue(JwtRegisteredClaimNames.Name)!;
}
