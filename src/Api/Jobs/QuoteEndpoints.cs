using System.Security.Claims;
using AX2Caption.Api.Accounts;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using AX2Caption.Grains.Abstractions.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AX2Caption.Api.Jobs;

internal static class QuoteEndpoints
{
    public static void MapQuoteEndpoints(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/credits/quote").WithTags("Credits").For(Access.Account);
        group.MapPost("", Get)
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.BodyTooLarge, ErrorTable.UnsupportedContentType)
            .Refuses(ErrorTable.VideoNotFound, ErrorTable.VideoNotReady, ErrorTable.VideoRejected)
            .Refuses(ErrorTable.LanguageNotSupported, ErrorTable.ProfileUnknown, ErrorTable.AudioStreamUnknown, ErrorTable.TooManyRequests)
            .WithSummary("Says what a job would cost")
            .WithDescription("Holds nothing. A job that is submitted with the quote's id before it expires is charged exactly its price.");
    }

    private static async Task<Results<Ok<Quote>, ErrorResult>> Get(
        NewQuote body, ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        var command = new SubmitJob(caller.AccountId(), body.VideoId, body.Language, body.Profile, AudioStream: body.AudioStream);
        var result = await cluster.Call(
            (grains, _) => grains.GetGrain<IJobQuoteGrain>(caller.AccountId()).Quote(command), cancellationToken);
        return result switch
        {
            JobQuoteResult.Quoted { Quote: var quote } => TypedResults.Ok(Quote.Of(quote)),
            JobQuoteResult.Refused { Refusal: var refusal } => JobErrors.Of(refusal),
            _ => throw new InvalidOperationException($"Unknown answer {result.GetType().Name}."),
        };
    }
}
