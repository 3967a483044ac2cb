using AX2Caption.Api.Cluster;
using AX2Caption.Api.Credits;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Limits;
using AX2Caption.Grains.Abstractions.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AX2Caption.Api.Accounts;

internal static class AccountEndpoints
{
    public static void MapAccountEndpoints(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/auth").WithTags("Accounts");
        group.MapPost("/guest", CreateGuest)
            .RequireRateLimiting(RateLimits.Guests)
            .Refuses(ErrorTable.TooManyRequests)
            .WithSummary("Creates a guest account")
            .WithDescription("Gives an account with a small grant of credits, and an access token for it. Needs no authorization.");
    }

    private static async Task<Created<GuestSession>> CreateGuest(
        ClusterCalls cluster, AccessTokens tokens, TimeProvider time, CancellationToken cancellationToken)
    {
        var accountId = Guid.CreateVersion7(time.GetUtcNow());
        var account = await cluster.Call((grains, _) => grains.GetGrain<IAccountGrain>(accountId).CreateGuest(), cancellationToken);
        var (token, expiresAt) = tokens.Issue(account.AccountId);
        return TypedResults.Created(
            "/v1/credits",
            new GuestSession(account.AccountId, "guest", token, "Bearer", expiresAt, CreditAmounts.Of(account.Credits)));
    }
}
