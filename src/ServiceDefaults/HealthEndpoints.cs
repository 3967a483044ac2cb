using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AX2Caption.ServiceDefaults;

/// <summary>Answers whether the process lives and whether it can serve.</summary>
public static class HealthEndpoints
{
    /// <summary>The tag of the checks that <c>/health/ready</c> runs.</summary>
    public const string ReadyTag = Health.Ready;

    /// <summary>
    /// Maps <c>GET /health/live</c>, which asks no dependency, and <c>GET /health/ready</c>, which runs every check tagged
    /// <see cref="ReadyTag"/> and answers 503 if one fails, or as soon as the process begins to stop.
    /// </summary>
    public static IEndpointConventionBuilder MapHealth(this IEndpointRouteBuilder endpoints)
    {
        var health = endpoints.MapGroup("/health");
        health.MapHealthChecks("/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = Write });
        health.MapHealthChecks("/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(ReadyTag), ResponseWriter = Write });
        return health;
    }

    private static Task Write(HttpContext context, HealthReport report) =>
        context.Response.WriteAsJsonAsync(
            new HealthResponse(
                Name(report.Status),
                [.. report.Entries.Select(entry => new HealthCheckResponse(entry.Key, Name(entry.Value.Status), Sentence(entry.Value)))]),
            context.RequestAborted);

    private static string Name(HealthStatus status) => status.ToString().ToLowerInvariant();

    // A check that throws is described by the exception's message, which may name hosts and users: that belongs in the log.
    private static string Sentence(HealthReportEntry entry) => entry switch
    {
        { Exception: { } failure } when entry.Description is null || entry.Description == failure.Message => "The check failed; the log says why.",
        { Description: { } description } => description,
        _ => "",
    };

    private sealed record HealthResponse(string Status, IReadOnlyList<HealthCheckResponse> Checks);

    private sealed record HealthCheckResponse(string Name, string Status, string Description);
}
