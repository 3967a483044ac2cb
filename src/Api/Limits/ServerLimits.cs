using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Limits;

/// <summary>Limits on the size and the time of every request; uploads raise theirs at their endpoint.</summary>
internal static class ServerLimits
{
    private const int MaximumBody = 64 * 1024;

    public static void AddServerLimits(this IServiceCollection services)
    {
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaximumBody;
            kestrel.Limits.MaxRequestHeaderCount = 64;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.MaxRequestLineSize = 4 * 1024;
            kestrel.Limits.MaxConcurrentConnections = 10_000;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(10));
        });

        services.AddRequestTimeouts();
        services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<ClusterOptions>>((timeouts, cluster) =>
            timeouts.DefaultPolicy = new RequestTimeoutPolicy
            {
                // A grain call gives up by itself first, which makes the better answer.
                Timeout = cluster.Value.RetryFor + TimeSpan.FromSeconds(30),
                TimeoutStatusCode = StatusCodes.Status504GatewayTimeout,
                WriteTimeoutResponse = context => StatusErrors.AnswerTo(StatusCodes.Status504GatewayTimeout, null).ExecuteAsync(context),
            });
    }
}
