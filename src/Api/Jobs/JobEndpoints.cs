using System.ComponentModel;
using System.Security.Claims;
using AX2Caption.Api.Accounts;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Limits;
using AX2Caption.Api.Paging;
using AX2Caption.Api.Requests;
using AX2Caption.Api.Validation;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AX2Caption.Api.Jobs;

internal static class JobEndpoints
{
    public static void MapJobEndpoints(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/jobs").WithTags("Jobs").For(Access.Account);

        group.MapPost("", Submit)
            .RequireRateLimiting(RateLimits.Jobs)
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.BodyTooLarge, ErrorTable.UnsupportedContentType)
            .Refuses(ErrorTable.IdempotencyKeyMissing, ErrorTable.IdempotencyKeyInvalid, ErrorTable.IdempotencyKeyReused)
            .Refuses(ErrorTable.VideoNotFound, ErrorTable.VideoNotReady, ErrorTable.VideoRejected)
            .Refuses(ErrorTable.LanguageNotSupported, ErrorTable.ProfileUnknown, ErrorTable.AudioStreamUnknown, ErrorTable.QuoteNotValid)
            .Refuses(ErrorTable.InsufficientCredits, ErrorTable.TooManyJobs, ErrorTable.TooManyRequests)
            .WithSummary("Submits a job")
            .WithDescription("Holds the credits that it costs. The same Idempotency-Key with the same body meets the same job, at no further charge.");
        group.MapGet("", List)
            .AnswersIfChanged<Page<Job>>()
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.InvalidCursor)
            .WithSummary("The account's jobs, newest first");
        group.MapGet("/{id:guid}", Get)
            .AnswersIfChanged<Job>()
            .Refuses(ErrorTable.JobNotFound)
            .WithSummary("One job")
            .WithDescription("To follow it, read it with If-None-Match, or follow its events.");
        group.MapPost("/{id:guid}/cancel", Cancel)
            .Refuses(ErrorTable.JobNotFound, ErrorTable.JobAlreadyEnded)
            .WithSummary("Cancels a job and returns its credits")
            .WithDescription("Canceling a canceled job answers with it.");
        group.MapJobStreams();
        group.MapCaptions();
    }

    private static async Task<Results<Accepted<Job>, ErrorResult>> Submit(
        NewJob body,
        [FromHeader(Name = IdempotencyKey.Header)] string? key,
        ClaimsPrincipal caller,
        ClusterCalls cluster,
        HttpResponse response,
        CancellationToken cancellationToken)
    {
        if (IdempotencyKey.Check(key) is { } invalidKey)
            return invalidKey;

        var jobId = IdempotencyKey.JobId(caller.AccountId(), key!);
        var command = new SubmitJob(caller.AccountId(), body.VideoId, body.Language, body.Profile, body.QuoteId, body.AudioStream);
        var result = await cluster.Call((grains, _) => grains.GetGrain<ICaptionJobGrain>(jobId).Submit(command), cancellationToken);
        if (result is not SubmitJobResult.Accepted { Job: var job, Replayed: var replayed })
            return JobErrors.Of(result);

        if (replayed)
            response.Headers[IdempotencyKey.ReplayedHeader] = "true";
        return TypedResults.Accepted($"/v1/jobs/{jobId}", Job.Of(job));
    }

    private static async Task<Results<FileContentHttpResult, ErrorResult>> List(
        [Cursor, Description(Cursor.Description)] string? cursor,
        [WholeNumber(1, PageLimit.Maximum), Description(PageLimit.Description)] int? limit,
        ClaimsPrincipal caller,
        ClusterCalls cluster,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if (Cursor.Read(cursor, out PageCursor? after) is { } unknown)
            return unknown;

        var page = await cluster.Call(
            (grains, token) => grains.GetGrain<IJobIndexGrain>(caller.AccountId()).List(after, limit ?? PageLimit.Default, token), cancellationToken);
        return IfChanged.Answer(context, new Page<Job>([.. page.Jobs.Select(Job.Of)], Cursor.Write(page.Next)));
    }

    private static async Task<Results<FileContentHttpResult, ErrorResult>> Get(
        Guid id, ClaimsPrincipal caller, ClusterCalls cluster, HttpContext context, CancellationToken cancellationToken)
    {
        var result = await cluster.Call(
            (grains, token) => grains.GetGrain<ICaptionJobGrain>(id).Get(caller.AccountId(), token), cancellationToken);
        return result is JobResult.Found { Job: var job } ? IfChanged.Answer(context, Job.Of(job)) : JobErrors.NotFound;
    }

    private static async Task<Results<Ok<Job>, ErrorResult>> Cancel(
        Guid id, ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        var result = await cluster.Call(
            (grains, _) => grains.GetGrain<ICaptionJobGrain>(id).Cancel(caller.AccountId()), cancellationToken);
        return result switch
        {
            CancelJobResult.Canceled { Job: var job } => TypedResults.Ok(Job.Of(job)),
            CancelJobResult.AlreadyEnded { Job: var job } => JobErrors.AlreadyEnded(job),
            _ => JobErrors.NotFound,
        };
    }
}
