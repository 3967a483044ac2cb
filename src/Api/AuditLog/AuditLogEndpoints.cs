using AX2Caption.Api.Accounts;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Paging;
using AX2Caption.Grains.Abstractions.AuditLog;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AX2Caption.Api.AuditLog;

/// <summary>Lets operators see who did what.</summary>
internal static class AuditLogEndpoints
{
    public static void MapAuditLogEndpoints(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/admin/audit-events").WithTags("Operators").For(Access.Admin).NoteActs();
        group.MapGet("", List)
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.InvalidCursor)
            .WithSummary("Who did what, newest first");
    }

    private static async Task<Results<Ok<Page<LoggedEvent>>, ErrorResult>> List(
        [AsParameters] EventFilter filter, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        if (filter.Read(out var query) is { } invalid)
            return invalid;

        var page = await cluster.Call((grains, token) => grains.GetGrain<IAuditLogGrain>(0).Query(query, token), cancellationToken);
        return TypedResults.Ok(new Page<LoggedEvent>([.. page.Events.Select(LoggedEvent.Of)], Cursor.Write(page.Next)));
    }
}
