using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Limits;

/// <summary>Limits on the size and the time of every request; uploads raise theirs at their endpoint.</summary>
internal static class ServerLimits
{
    private static readonly TimeSpan BeyondTheCluster = TimeSpan.FromSeconds(30);

    public static void AddServerLimits(this IServiceCollection services)
    {
        services.AddOptions<LimitOptions>().BindConfiguration("Limits").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<LimitOptions>>((kestrel, options) =>
        {
            var limits = options.Value;
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = limits.MaximumBodyBytes;
            kestrel.Limits.MaxRequestHeaderCount = limits.MaximumHeaders;
            kestrel.Limits.MaxRequestHeadersTotalSize = limits.MaximumHeaderBytes;
            kestrel.Limits.MaxRequestLineSize = limits.MaximumRequestLineBytes;
            kestrel.Limits.MaxConcurrentConnections = limits.MaximumConnections;
            kestrel.Limits.RequestHeadersTimeout = limits.HeaderTimeout;
            kestrel.Limits.KeepAliveTimeout = limits.KeepAliveTimeout;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(limits.MinimumBodyRate, limits.MinimumBodyRateGrace);
        });

        services.AddRequestTimeouts();
        services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<LimitOptions>, IOptions<ClusterOptions>>((timeouts, limits, cluster) =>
            timeouts.DefaultPolicy = new RequestTimeoutPolicy
            {
                Timeout = limits.Value.RequestTimeout ?? cluster.Value.RetryFor + BeyondTheCluster,
                TimeoutStatusCode = StatusCodes.Status504GatewayTimeout,
                WriteTimeoutResponse = context => StatusErrors.AnswerTo(StatusCodes.Status504GatewayTimeout, null).ExecuteAsync(context),
            });
    }
}
