using AX2Caption.Grains.Work;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Webhooks;

/// <summary>
/// Gives up events whose time is over, deletes what is known of those that ended long ago, and goes round the endpoints to keep each within
/// its bounds.
/// </summary>
internal sealed partial class WebhookSweep(WebhookQueue queue, WebhookMetrics metrics, IOptions<WebhookOptions> options, ILogger<WebhookSweep> logger) : ISweep
{
    /// <summary>A look at one costs a walk over as much of an index as may wait and be kept.</summary>
    private const int EndpointsAtOnce = 10;

    private const int MaximumExcess = 1_000;

    private Guid last;

    public string Name => "webhook events";

    public async Task<int> Run(int limit, CancellationToken cancellationToken)
    {
        var expired = await queue.Expire(limit, cancellationToken);
        metrics.Expired(expired);
        return expired + await queue.DeleteOld(limit, cancellationToken) + await Bound(cancellationToken);
    }

    private async Task<int> Bound(CancellationToken cancellationToken)
    {
        var endpoints = await queue.EndpointsAfter(last, EndpointsAtOnce, cancellationToken);
        var dropped = await queue.DropExcess(endpoints, MaximumExcess, cancellationToken);
        foreach (var (endpointId, count) in dropped)
        {
            LogDropped(count, endpointId, options.Value.MaximumPendingPerEndpoint);
        }

        var excess = dropped.Sum(endpoint => endpoint.Count);
        metrics.Expired(excess);
        var deleted = await queue.DeleteExcess(endpoints, MaximumExcess, cancellationToken);
        if (excess < MaximumExcess && deleted < MaximumExcess)
        {
            last = endpoints.Count < EndpointsAtOnce ? Guid.Empty : endpoints[^1];
        }

        return excess + deleted;
    }

    [LoggerMessage(LogLevel.Warning, "{Count} events for webhook {WebhookId} are given up, the oldest of more than {Maximum} that wait for it.")]
    private partial void LogDropped(int count, Guid webhookId, int maximum);
}
