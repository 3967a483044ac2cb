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
            // A cheap fence of each process, before the one that all processes share and that is kept in the database.
            .RequireRateLimiting(RateLimits.Guests)
            .Refuses(ErrorTable.TooManyRequests, ErrorTable.TooManyGuests)
            .WithSummary("Creates a guest account")
            .WithDescription("Gives an account with a small grant of credits, and an access token for it. Needs no authorization.");
    }

    private static async Task<Results<Created<GuestSession>, ErrorResult>> CreateGuest(
        HttpContext context, ClusterCalls cluster, AccessTokens tokens, TimeProvider time, CancellationToken cancellationToken)
    {
        var accountId = Guid.CreateVersion7(time.GetUtcNow());
        var network = ClientNetwork.Of(context.Connection.RemoteIpAddress);
        var result = await cluster.Call((grains, _) => grains.GetGrain<IAccountGrain>(accountId).AdmitGuest(network), cancellationToken);
        return result switch
        {
            AdmitGuestResult.Admitted { Account: var account } => TypedResults.Created("/v1/credits", SessionOf(account, tokens)),
            AdmitGuestResult.TooManyGuests { Limit: var limit, RetryAfter: var wait } =>
                ErrorTable.TooManyGuests.Because($"A network may create {limit} guest accounts in a day.", ("limit", limit)).After(wait),
            _ => throw new InvalidOperationException($"Unknown answer {result.GetType().Name}."),
        };
    }

    private static GuestSession SessionOf(GuestAccount account, AccessTokens tokens)
    {
        var (token, expiresAt) = tokens.Issue(account.AccountId);
        return new GuestSession(account.AccountId, "guest", token, "Bearer", expiresAt, CreditAmounts.Of(account.Credits));
    }
}
