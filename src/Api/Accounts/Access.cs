using AX2Caption.Api.Errors;

namespace AX2Caption.Api.Accounts;

/// <summary>Who may use an endpoint. Each says it, by its group; the OpenAPI document shows it as <c>x-access</c>.</summary>
internal enum Access
{
    /// <summary>Everybody; no token is needed.</summary>
    Open,

    /// <summary>Guests and members, each with what is theirs; the endpoint knows which of the two is calling.</summary>
    Account,

    /// <summary>Members: people who have confirmed an e-mail address.</summary>
    Member,

    /// <summary>Members with the role that the command <c>Silo admin grant-role</c> gives.</summary>
    Admin,
}

/// <summary>What an endpoint says of who may use it.</summary>
internal sealed record AccessMetadata(Access Access);

internal static class AccessExtensions
{
    /// <summary>Says who may use the endpoints of a group.</summary>
    public static RouteGroupBuilder For(this RouteGroupBuilder group, Access access)
    {
        group.WithMetadata(new AccessMetadata(access));
        return access switch
        {
            Access.Open => group,
            Access.Account => group.RequireAuthorization(),
            Access.Member => group.RequireAuthorization(nameof(Access.Member)).Refuses(ErrorTable.MemberOnly),
            Access.Admin => group.RequireAuthorization(nameof(Access.Admin)).Refuses(ErrorTable.OperatorOnly),
            _ => throw new ArgumentOutOfRangeException(nameof(access)),
        };
    }

    public static void AddAccessPolicies(this IServiceCollection services) => services.AddAuthorizationBuilder()
        .AddPolicy(nameof(Access.Member), policy => policy.RequireAuthenticatedUser().RequireClaim(Caller.KindClaim, Caller.Member))
        .AddPolicy(nameof(Access.Admin), policy => policy.RequireAuthenticatedUser().RequireClaim(Caller.AdminClaim));
}
