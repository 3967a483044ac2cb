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
        var group = routes.MapGroup("/v1/credits").WithTags("Credits").RequireAuthorization();
        group.MapGet("", Get)
            .WithSummary("The account's credits");
        group.MapGet("/entries", ListEntries)
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.InvalidCursor)
            .WithSummary("The account's ledger, newest line first");
    }

    private static async Task<Ok<CreditAmounts>> Get(ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        var balance = await cluster.Call(
            (grains, token) => grains.GetGrain<IUserCreditGrain>(caller.AccountId()).GetBalance(token), cancellationToken);
        return TypedResults.Ok(CreditAmounts.Of(balance));
    }

    private static async Task<Results<Ok<Page<LedgerLine>>, ErrorResult>> ListEntries(
        string? cursor, int? limit, ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        if (PageLimit.Check(limit, out var count) is { } invalid)
            return invalid;
        if (Cursor.Read(cursor, out long? before) is { } unknown)
            return unknown;

        var page = await cluster.Call(
            (grains, token) => grains.GetGrain<IUserCreditGrain>(caller.AccountId()).ListEntries(before, count, token), cancellationToken);
        return TypedResults.Ok(new Page<LedgerLine>([.. page.Entries.Select(LedgerLine.Of)], Cursor.Write(page.Next)));
    }
}
