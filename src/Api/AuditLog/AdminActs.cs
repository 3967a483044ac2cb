using AX2Caption.Api.Accounts;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Requests;
using AX2Caption.Grains.Abstractions.AuditLog;

namespace AX2Caption.Api.AuditLog;

/// <summary>Notes what admins do, before they do it: what cannot be noted is not done.</summary>
internal static class AdminActs
{
    private const string Kind = "admin_act";

    public static RouteGroupBuilder NoteActs(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(async (invocation, next) =>
        {
            var context = invocation.HttpContext;
            var @event = EventOf(context);
            await context.RequestServices.GetRequiredService<ClusterCalls>().Call(
                async (grains, _) =>
                {
                    await grains.GetGrain<IAuditLogGrain>(0).Append(@event);
                    return true;
                },
                context.RequestAborted);
            return await next(invocation);
        });
        return group;
    }

    private static AuditEvent EventOf(HttpContext context)
    {
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        Guid? about = Guid.TryParse(context.Request.RouteValues["id"] as string, out var id) ? id : null;
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        // An account is what the event is about; a job is named where it stands in the path.
        if (context.Request.RouteValues["jobId"] is string jobId)
            route = route?.Replace("{jobId:guid}", $"{Guid.Parse(jobId)}", StringComparison.Ordinal);
        return new AuditEvent(
            Guid.CreateVersion7(now), now, Kind, about, context.User.AccountId(), "admin", context.Origin(), $"{context.Request.Method} {route}");
    }
}
