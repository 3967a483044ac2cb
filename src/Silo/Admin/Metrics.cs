using OpenTelemetry.Metrics;

namespace AX2Caption.Silo.Admin;

/// <summary>What the silo measures, for Prometheus to fetch with the operator's password.</summary>
internal static class Metrics
{
    /// <summary>Our own meters, and those of what the silo is made of.</summary>
    private static readonly string[] Meters = ["AX2Caption.*", "Microsoft.Orleans", "Npgsql", "System.Runtime"];

    public static void AddMetrics(this WebApplicationBuilder builder) =>
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(Meters).AddPrometheusExporter());

    public static void MapMetrics(this WebApplication app) => app.MapPrometheusScrapingEndpoint("/metrics").RequireAuthorization();
}
