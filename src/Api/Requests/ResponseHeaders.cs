namespace AX2Caption.Api.Requests;

internal static class ResponseHeaders
{
    /// <summary>Answers of the API belong to one account and one moment; no cache may keep them, and no browser may guess their type.</summary>
    public static void UseResponseHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            if (context.Request.Path.StartsWithSegments("/v1"))
                context.Response.Headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(context);
    });
}
