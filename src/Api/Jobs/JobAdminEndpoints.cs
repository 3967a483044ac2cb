using AX2Caption.Api.Accounts;
using AX2Caption.Api.AuditLog;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Paging;
using AX2Caption.Grains.Abstractions.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AX2Caption.Api.Jobs;

/// <summary>What operators may see of jobs of any account, and do to them.</summary>
internal static class JobAdminEndpoints
{
    public static void MapJobAdminEndpoints(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/admin/jobs").WithTags("Operators").For(Access.Admin).NoteActs();
        group.MapGet("", List)
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.InvalidCursor)
            .WithSummary("Jobs of all accounts, newest first");
        group.MapGet("/{jobId:guid}", Inspect)
            .Refuses(ErrorTable.JobNotFound)
            .WithSummary("A job with its tasks and what it owes");
        group.MapPost("/{jobId:guid}/requeue", Requeue)
            .Refuses(ErrorTable.JobNotFound, ErrorTable.JobAlreadyEnded)
            .WithSummary("Queues a live job's tasks anew")
            .WithDescription(
                "Those that wait for another attempt, and those that a worker has, which loses them. Their attempts start anew; what is done stays done. "
                + "It needs no Idempotency-Key: asked again, since the answer was lost, it costs what workers began since, at the most.");
        group.MapPost("/{jobId:guid}/cancel", Cancel)
            .Refuses(ErrorTable.JobNotFound, ErrorTable.JobAlreadyEnded)
            .WithSummary("Cancels a job of any account and returns its credits")
            .WithDescription("Canceling a canceled job answers with it.");
    }

    private static async Task<Results<Ok<Page<OperatorsJob>>, ErrorResult>> List(
        [AsParameters] JobFilter filter, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        if (filter.Read(out var query) is { } invalid)
            return invalid;

        var page = await cluster.Call((grains, token) => grains.GetGrain<IJobInspectionGrain>(0).Query(query, token), cancellationToken);
        return TypedResults.Ok(new Page<OperatorsJob>([.. page.Jobs.Select(OperatorsJob.Of)], Cursor.Write(page.Next)));
    }

    private static async Task<Results<Ok<OperatorsJobInFull>, ErrorResult>> Inspect(
        Guid jobId, ClusterCalls cluster, CancellationToken cancellationToken) =>
        await Find(jobId, cluster, cancellationToken) is { } found ? TypedResults.Ok(OperatorsJobInFull.Of(found)) : NotFound;

    private static async Task<Results<Ok<RequeuedTasks>, ErrorResult>> Requeue(
        Guid jobId, ClusterCalls cluster, CancellationToken cancellationToken) =>
        await cluster.Call((grains, _) => grains.GetGrain<ICaptionJobGrain>(jobId).Requeue(), cancellationToken) switch
        {
            RequeueJobResult.Requeued { Tasks: var tasks } => TypedResults.Ok(new RequeuedTasks(tasks)),
            RequeueJobResult.AlreadyEnded { Job: var job } => JobErrors.AlreadyEnded(job),
            _ => NotFound,
        };

    private static async Task<Results<Ok<OperatorsJob>, ErrorResult>> Cancel(
        Guid jobId, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        if (await Find(jobId, cluster, cancellationToken) is not { Job.AccountId: var owner })
            return NotFound;

        return await cluster.Call((grains, _) => grains.GetGrain<ICaptionJobGrain>(jobId).Cancel(owner), cancellationToken) switch
        {
            CancelJobResult.Canceled { Job: var job } => TypedResults.Ok(OperatorsJob.Of(job)),
            CancelJobResult.AlreadyEnded { Job: var job } => JobErrors.AlreadyEnded(job),
            // A member has adopted it in this very moment; asked again, it is found there.
            _ => NotFound,
        };
    }

    private static ErrorResult NotFound => ErrorTable.JobNotFound.Because("No account has a job of this id.");

    private static Task<JobInspection?> Find(Guid jobId, ClusterCalls cluster, CancellationToken cancellationToken) =>
        cluster.Call((grains, token) => grains.GetGrain<IJobInspectionGrain>(0).Inspect(jobId, token), cancellationToken);
}
