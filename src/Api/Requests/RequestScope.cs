using AX2Caption.Api.Accounts;
using Orleans.Runtime;

namespace AX2Caption.Api.Requests;

/// <summary>Names each request, and lets the name and the ids in it appear in every log line of either host.</summary>
internal static class RequestScope
{
    private const string Header = "X-Request-Id";
    private const string RequestId = "RequestId";

    /// <summary>Goes first, so that errors have the id too.</summary>
    public static void UseRequestIds(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var time = context.RequestServices.GetRequiredService<TimeProvider>();
        context.TraceIdentifier = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        context.Response.Headers[Header] = context.TraceIdentifier;
        RequestContext.Set(RequestId, context.TraceIdentifier);

        var log = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("AX2Caption.Api.Requests");
        using (log.BeginScope(new Dictionary<string, object> { [RequestId] = context.TraceIdentifier }))
            await next(context);
    });

    /// <summary>Goes after authentication and routing.</summary>
    public static void UseRequestSubjects(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var log = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("AX2Caption.Api.Requests");
        using (log.BeginScope(SubjectsOf(context)))
            await next(context);
    });

    private static Dictionary<string, object> SubjectsOf(HttpContext context)
    {
        var subjects = new Dictionary<string, object>();
        if (context.User.Identity is { IsAuthenticated: true })
            subjects["AccountId"] = context.User.AccountId();
        if (context.Request.RouteValues["id"] is string id)
            subjects[context.Request.Path.StartsWithSegments("/v1/jobs") ? "JobId" : "VideoId"] = id;
        return subjects;
    }
}
