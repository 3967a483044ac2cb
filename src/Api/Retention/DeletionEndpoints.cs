using System.ComponentModel;
using System.Security.Claims;
using AX2Caption.Api.Accounts;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Paging;
using AX2Caption.Api.Validation;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Retention;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AX2Caption.Api.Retention;

internal static class DeletionEndpoints
{
    public static void MapDeletionEndpoints(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/deletions").WithTags("Deletions").For(Access.Account);
        group.MapGet("", List)
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.InvalidCursor)
            .WithSummary("Receipts of the account's deleted videos, newest first");
        group.MapGet("/{videoId:guid}", Get)
            .Refuses(ErrorTable.DeletionNotFound)
            .WithSummary("The receipt of one deleted video");
    }

    private static async Task<Results<Ok<Page<Deletion>>, ErrorResult>> List(
        [Cursor, Description(Cursor.Description)] string? cursor,
        [WholeNumber(1, PageLimit.Maximum), Description(PageLimit.Description)] int? limit,
        ClaimsPrincipal caller,
        ClusterCalls cluster,
        CancellationToken cancellationToken)
    {
        if (Cursor.Read(cursor, out PageCursor? after) is { } unknown)
            return unknown;

        var page = await cluster.Call(
            (grains, token) => grains.GetGrain<IDeletionIndexGrain>(caller.AccountId()).List(after, limit ?? PageLimit.Default, token), cancellationToken);
        return TypedResults.Ok(new Page<Deletion>([.. page.Receipts.Select(Deletion.Of)], Cursor.Write(page.Next)));
    }

    private static async Task<Results<Ok<Deletion>, ErrorResult>> Get(
        Guid videoId, ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        var receipt = await cluster.Call(
            (grains, token) => grains.GetGrain<IDeletionIndexGrain>(caller.AccountId()).Find(videoId, token), cancellationToken);
        return receipt is not null
            ? TypedResults.Ok(Deletion.Of(receipt))
            : ErrorTable.DeletionNotFound.Because("The account has no receipt of a video of this id.");
    }
}
