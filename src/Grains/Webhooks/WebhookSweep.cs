using AX2Caption.Grains.Time;
using AX2Caption.Grains.Work;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Webhooks;

/// <summary>Gives up events whose time is over, and deletes what is known of those that ended long ago.</summary>
internal sealed class WebhookSweep(WebhookQueue queue, WebhookMetrics metrics, IOptions<WebhookOptions> options, TimeProvider time) : ISweep
{
    public string Name => "webhook events";

    public async Task<int> Run(int limit, CancellationToken cancellationToken)
    {
        var now = time.UtcNow();
        var expired = await queue.Expire(now, limit, cancellationToken);
        metrics.Expired(expired);
        return expired + await queue.DeleteOld(now - options.Value.KeepFor, limit, cancellationToken);
    }
}
