using AX2Caption.Api.Accounts;
using AX2Caption.ServiceDefaults;

namespace AX2Caption.Api.Requests;

/// <summary>Lets the ids in a request appear in every log line about it, here and in the silos.</summary>
internal static class RequestScope
{
    /// <summary>Goes after authentication and routing, since the ids come from there.</summary>
    public static void UseRequestScope(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("AX2Caption.Api.Requests");
        app.Use(async (context, next) =>
        {
            RequestContext.Set(RequestIdMiddleware.PropertyName, context.TraceIdentifier);
            using (log.BeginScope(SubjectsOf(context)))
                await next(context);
        });
    }

    private static Dictionary<string, object> SubjectsOf(HttpContext context)
    {
        var subjects = new Dictionary<string, object>();
        if (context.User.Identity is { IsAuthenticated: true })
            subjects["AccountId"] = context.User.AccountId();
        if (context.Request.RouteValues["id"] is string id)
            subjects[SubjectOf(context.Request.Path)] = id;
        if (context.Request.RouteValues["jobId"] is string jobId)
            subjects["JobId"] = jobId;
        return subjects;
    }

    private static string SubjectOf(PathString path)
    {
        if (path.StartsWithSegments("/v1/admin/accounts"))
            return "SubjectAccountId";
        if (path.StartsWithSegments("/v1/me/sessions"))
            return "SessionId";
        if (path.StartsWithSegments("/v1/webhooks"))
            return "WebhookId";
        return path.StartsWithSegments("/v1/jobs") ? "JobId" : "VideoId";
    }
}
