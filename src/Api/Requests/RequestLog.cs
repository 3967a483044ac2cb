using AX2Caption.Api.Accounts;

namespace AX2Caption.Api.Requests;

/// <summary>One line for each request but health checks. Query and headers stay out: they may hold what nobody should read.</summary>
internal static partial class RequestLog
{
    public static void UseRequestLog(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("AX2Caption.Api.Requests");
        var time = app.Services.GetRequiredService<TimeProvider>();
        app.Use(async (context, next) =>
        {
            var started = time.GetTimestamp();
            await next(context);
            if (!context.Request.Path.StartsWithSegments("/health"))
            {
                var accountId = context.User.Identity?.IsAuthenticated == true ? context.User.AccountId() : (Guid?)null;
                LogRequest(
                    log, context.Request.Method, context.Request.Path, context.Response.StatusCode,
                    time.GetElapsedTime(started).TotalMilliseconds, accountId);
            }
        });
    }

    [LoggerMessage(LogLevel.Information, "{Method} {Path} answered {Status} after {ElapsedMs:0.0} ms to account {AccountId}.")]
    private static partial void LogRequest(ILogger log, string method, PathString path, int status, double elapsedMs, Guid? accountId);
}
