using AX2Caption.Api.Jobs;
using AX2Caption.Api.Requests;
using AX2Caption.Api.Sessions;
using AX2Caption.Api.Uploads;
using AX2Caption.ServiceDefaults;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AX2Caption.Api.Edge;

/// <summary>Lets the pages of configured origins call the API (CORS), with their cookies.</summary>
internal static class CrossOrigin
{
    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromHours(1);

    public static void Configure(IServiceCollection services)
    {
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<EdgeOptions>>((cors, edge) => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. edge.Value.CorsOrigins])
            .AllowCredentials()
            .WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
            .WithHeaders(
            [
                HeaderNames.Authorization, HeaderNames.ContentType, IdempotencyKey.Header, RequestIdMiddleware.Header, RefreshCookie.CsrfHeader,
                HeaderNames.IfNoneMatch, JobStreamEndpoints.LastEventIdHeader, .. Tus.RequestHeaders,
            ])
            .WithExposedHeaders(
            [
                HeaderNames.RetryAfter, RequestIdMiddleware.Header, IdempotencyKey.ReplayedHeader, HeaderNames.Location, HeaderNames.ETag,
                .. Tus.ResponseHeaders,
            ])
            .SetPreflightMaxAge(PreflightLifetime)));
    }

    /// <summary>Comes before limits and tokens, since a page can read only answers that name it, refusals among them.</summary>
    public static void UseCrossOrigin(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<EdgeOptions>>().Value.CorsOrigins.Count == 0)
            return;

        app.UseWhen(context => context.Request.Path.StartsWithSegments("/v1"), api =>
        {
            api.Use((context, next) =>
            {
                // The framework says it only of some answers, and a cache needs to know it of all.
                context.Response.OnStarting(() =>
                {
                    if (!context.Response.Headers.Vary.Contains(HeaderNames.Origin))
                        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Origin);
                    return Task.CompletedTask;
                });
                return next(context);
            });
            api.UseCors();
        });
    }
}
