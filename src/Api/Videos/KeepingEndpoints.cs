using System.Security.Claims;
using AX2Caption.Api.Accounts;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using AX2Caption.Grains.Abstractions.Videos;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AX2Caption.Api.Videos;

/// <summary>How long a video stays: deleted at once, or kept beyond its time.</summary>
internal static class KeepingEndpoints
{
    public static void MapKeeping(this IEndpointRouteBuilder videos)
    {
        videos.MapDelete("/{id:guid}", Delete)
            .Refuses(ErrorTable.VideoNotFound)
            .WithSummary("Deletes a video with everything that came of it")
            .WithDescription(
                "Its jobs that still run are canceled and their credits returned; captions go too. It cannot be undone. "
                + "A receipt stays at /v1/deletions/{videoId}. Asked for again, it answers the same.");
        videos.MapPut("/{id:guid}/pin", Pin)
            .Refuses(ErrorTable.VideoNotFound, ErrorTable.PinNotAllowed, ErrorTable.TooManyPinned)
            .WithSummary("Keeps a video from being deleted when its time is over")
            .WithDescription("As many as the account's plan allows. A pinned video has no 'expiresAt'. Pinning a pinned one changes nothing.");
        videos.MapDelete("/{id:guid}/pin", Unpin)
            .Refuses(ErrorTable.VideoNotFound)
            .WithSummary("Lets a video go when its time is over")
            .WithDescription("However old it is, it stays a while from now on: see 'expiresAt'. Unpinning one that is not pinned changes nothing.");
    }

    private static ErrorResult NotFound => ErrorTable.VideoNotFound.Because("The account has no video of this id.");

    private static async Task<Results<NoContent, ErrorResult>> Delete(
        Guid id, ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        var result = await cluster.Call(
            (grains, _) => grains.GetGrain<IVideoGrain>(id).DeleteByOwner(caller.AccountId()), cancellationToken);
        return result is DeleteVideoResult.Deleted ? TypedResults.NoContent() : NotFound;
    }

    private static async Task<Results<Ok<Video>, ErrorResult>> Pin(
        Guid id, ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        var result = await cluster.Call((grains, _) => grains.GetGrain<IVideoGrain>(id).Pin(caller.AccountId()), cancellationToken);
        return result switch
        {
            PinVideoResult.Pinned { Video: var video } => TypedResults.Ok(Video.Of(video)),
            PinVideoResult.NotAllowed => ErrorTable.PinNotAllowed.Because("The account's plan keeps no video beyond its time."),
            PinVideoResult.TooMany { Limit: var limit } =>
                ErrorTable.TooManyPinned.Because($"An account may pin {limit} videos. Unpin or delete one.", ("limit", limit)),
            _ => NotFound,
        };
    }

    private static async Task<Results<Ok<Video>, ErrorResult>> Unpin(
        Guid id, ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        var result = await cluster.Call((grains, _) => grains.GetGrain<IVideoGrain>(id).Unpin(caller.AccountId()), cancellationToken);
        return result is VideoResult.Found { Video: var video } ? TypedResults.Ok(Video.Of(video)) : NotFound;
    }
}
