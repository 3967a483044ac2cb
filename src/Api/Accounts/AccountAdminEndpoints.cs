using AX2Caption.Api.AuditLog;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Credits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AX2Caption.Api.Accounts;

/// <summary>What operators may see of any account.</summary>
internal static class AccountAdminEndpoints
{
    public static void MapAccountAdminEndpoints(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/admin/accounts").WithTags("Operators").For(Access.Admin).NoteActs();
        group.MapGet("/{id:guid}", Get)
            .Refuses(ErrorTable.AccountNotFound)
            .WithSummary("An account and its credits");
    }

    private static async Task<Results<Ok<Account>, ErrorResult>> Get(Guid id, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        if (await cluster.Call((grains, token) => grains.GetGrain<IAccountGrain>(id).Get(token), cancellationToken) is not { } account)
            return AccountErrors.NotFound;

        var profile = await cluster.Call((grains, token) => grains.GetGrain<IAccountGrain>(id).GetProfile(token), cancellationToken);
        var credits = await cluster.Call((grains, token) => grains.GetGrain<IUserCreditGrain>(id).GetOverview(token), cancellationToken);
        return TypedResults.Ok(Account.Of(account, profile?.Member, credits));
    }
}
