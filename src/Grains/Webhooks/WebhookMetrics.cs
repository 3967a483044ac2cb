using System.Diagnostics.Metrics;
using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.Database;

namespace AX2Caption.Grains.Webhooks;

/// <summary>What the sender of events does, as the meter <c>AX2Caption.Webhooks</c>.</summary>
internal sealed class WebhookMetrics
{
    public const string MeterName = "AX2Caption.Webhooks";

    private static readonly InstrumentAdvice<double> TimeBuckets = new() { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] };

    private readonly Counter<int> attempts;
    private readonly Counter<int> expired;
    private readonly Histogram<double> duration;

    public WebhookMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        attempts = meter.CreateCounter<int>("ax2.webhooks.attempts", "{attempt}", "Attempts to deliver an event, by what became of them.");
        expired = meter.CreateCounter<int>("ax2.webhooks.expired", "{event}", "Events that were given up.");
        duration = meter.CreateHistogram<double>("ax2.webhooks.attempt.duration", "s", "Time that an attempt took.", tags: null, TimeBuckets);
    }

    public void Attempted(WebhookFault? fault, TimeSpan elapsed)
    {
        attempts.Add(1, new KeyValuePair<string, object?>("outcome", fault is { } because ? StoredName.Of(because) : "delivered"));
        duration.Record(elapsed.TotalSeconds);
    }

    public void Expired(int count) => expired.Add(count);
}
