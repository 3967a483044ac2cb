using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Limits;

/// <summary>Limits on the size and the time of every request; uploads raise theirs at their endpoint.</summary>
internal static class ServerLimits
{
    /// <summary>How much of one body may wait in memory for whoever reads it, in bytes: many upload at once, and the store is slower than the network.</summary>
    private const long BodyBuffer = 128 * 1024;

    private static readonly TimeSpan BeyondTheCluster = TimeSpan.FromSeconds(30);

    public static void AddServerLimits(this IServiceCollection services)
    {
        services.AddOptions<LimitOptions>().BindConfiguration("Limits").ValidateDataAnnotations().ValidateOnStart();
        services.Configure<KestrelServerOptions>(kestrel => kestrel.AddServerHeader = false);
        services.Configure<SocketTransportOptions>(sockets => sockets.MaxReadBufferSize = BodyBuffer);
        services.AddRequestTimeouts();
        services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<LimitOptions>, IOptions<ClusterOptions>>((timeouts, limits, cluster) =>
            timeouts.DefaultPolicy = new RequestTimeoutPolicy
            {
                Timeout = limits.Value.RequestTimeout ?? cluster.Value.RetryFor + BeyondTheCluster,
                TimeoutStatusCode = StatusCodes.Status504GatewayTimeout,
                WriteTimeoutResponse = context => StatusErrors.AnswerTo(StatusCodes.Status504GatewayTimeout, null).ExecuteAsync(context),
            });
    }

    /// <summary>
    /// Goes between the check of the settings and the start. The server reads its options while the host is built, which would end in
    /// the first bad limit before all bad settings are named; it looks at its limits only when it listens.
    /// </summary>
    public static void UseServerLimits(this WebApplication app)
    {
        var limits = app.Services.GetRequiredService<IOptions<LimitOptions>>().Value;
        var server = app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        // BodyLimit counts in its place.
        server.MaxRequestBodySize = null;
        server.MaxRequestBufferSize = Math.Max(BodyBuffer, Math.Max(limits.MaximumHeaderBytes, limits.MaximumRequestLineBytes));
        server.MaxRequestHeaderCount = limits.MaximumHeaders;
        server.MaxRequestHeadersTotalSize = limits.MaximumHeaderBytes;
        server.MaxRequestLineSize = limits.MaximumRequestLineBytes;
        server.MaxConcurrentConnections = limits.MaximumConnections;
        server.RequestHeadersTimeout = limits.HeaderTimeout;
        server.KeepAliveTimeout = limits.KeepAliveTimeout;
        server.MinRequestBodyDataRate = new MinDataRate(limits.MinimumBodyRate, limits.MinimumBodyRateGrace);
    }
}
