using AX2Caption.Api.Accounts;
using AX2Caption.Api.Accounts.Pages;
using AX2Caption.Api.AuditLog;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Credits;
using AX2Caption.Api.Docs;
using AX2Caption.Api.Downloads;
using AX2Caption.Api.Edge;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Health;
using AX2Caption.Api.Jobs;
using AX2Caption.Api.Limits;
using AX2Caption.Api.Requests;
using AX2Caption.Api.Retention;
using AX2Caption.Api.Sessions;
using AX2Caption.Api.Uploads;
using AX2Caption.Api.Validation;
using AX2Caption.Api.Videos;
using AX2Caption.Api.Webhooks;
using AX2Caption.ServiceDefaults;
using AX2Caption.Storage;

namespace AX2Caption.Api;

/// <summary>The Api, put together: its services, the way of a request through it, and where requests end.</summary>
internal static class ApiHost
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("api");
        builder.AddListener();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddObjectStore();
        builder.Services.AddCluster();
        builder.Services.AddSessions();
        builder.Services.AddAccounts();
        builder.Services.AddVideos();
        builder.Services.AddUploads();
        builder.Services.AddDownloads();
        builder.Services.AddJobs();
        builder.Services.AddErrors();
        builder.Services.AddEdge();
        builder.Services.AddServerLimits();
        builder.Services.AddRateLimits();
        builder.Services.AddStrictJson();
        builder.Services.AddReadinessChecks();
        builder.Services.AddApiDocs();
        return builder.Build();
    }

    public static void UsePipeline(this WebApplication app)
    {
        // Who asks, and how, is settled before anything looks at it. The id, the log, the headers and the error page come next, so that they
        // cover all the rest. What is cheap to refuse is refused before routing and tokens; limits per account need to know the account.
        app.UseServerLimits();
        app.UseTrustedProxies();
        app.UseRequestId();
        app.UseRequestLog();
        app.UseSecurityHeaders();
        app.UseErrors();
        app.UseAllowedHosts();
        app.UseHttpsOnly();
        app.UseCrossOrigin();
        app.UseTus();
        app.UseAddressLimit();
        app.UseRouting();
        app.UseBodyLimit();
        app.UseRequestTimeouts();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRequestScope();
        app.UseRateLimits();
        app.UseRequestValidation();
    }

    public static void MapEndpoints(this WebApplication app)
    {
        app.MapSessionEndpoints();
        app.MapRegistrationEndpoints();
        app.MapMeEndpoints();
        app.MapAccountPages();
        app.MapAccountAdminEndpoints();
        app.MapAuditLogEndpoints();
        app.MapJwks();
        app.MapVideoEndpoints();
        app.MapUploadEndpoints();
        app.MapDirectUploadEndpoints();
        app.MapDownloadEndpoints();
        app.MapDeletionEndpoints();
        app.MapJobEndpoints();
        app.MapQuoteEndpoints();
        app.MapJobAdminEndpoints();
        app.MapWebhookEndpoints();
        app.MapCreditEndpoints();
        app.MapCreditAdminEndpoints();
        app.MapApiDocs();
        app.MapHealth();
    }
}
