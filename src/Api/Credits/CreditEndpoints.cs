using System.Security.Claims;
using AX2Caption.Api.Accounts;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Paging;
using AX2Caption.Grains.Abstractions.Credits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AX2Caption.Api.Credits;

internal static class CreditEndpoints
{
    public static void MapCreditEndpoints(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/credits").WithTags("Credits").For(Access.Account);
        group.MapGet("", Get)
            .WithSummary("The account's credits")
            .WithDescription("With the part of them that lapses, and what is held for which job.");
        group.MapGet("/entries", ListEntries)
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.InvalidCursor)
            .WithSummary("The account's ledger, newest line first");
    }

    private static async Task<Ok<CreditsInFull>> Get(ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        var overview = await cluster.Call(
            (grains, token) => grains.GetGrain<IUserCreditGrain>(caller.AccountId()).GetOverview(token), cancellationToken);
        return TypedResults.Ok(CreditsInFull.Of(overview));
    }

    private static async Task<Results<Ok<Page<LedgerLine>>, ErrorResult>> ListEntries(
        [AsParameters] EntryFilter filter, ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        if (filter.Read(out var query) is { } invalid)
            return invalid;

        var page = await cluster.Call(
            (grains, token) => grains.GetGrain<IUserCreditGrain>(caller.AccountId()).QueryEntries(query, token), cancellationToken);
        return TypedResults.Ok(new Page<LedgerLine>([.. page.Entries.Select(LedgerLine.Of)], Cursor.Write(page.Next)));
    }
}
