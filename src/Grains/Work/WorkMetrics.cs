using System.Diagnostics.Metrics;

namespace AX2Caption.Grains.Work;

/// <summary>How workers take tasks, as the meter <c>AX2Caption.Work</c>.</summary>
internal sealed class WorkMetrics
{
    public const string MeterName = "AX2Caption.Work";

    public const string ClaimDuration = "ax2.work.claim.duration";

    private static readonly InstrumentAdvice<double> TimeBuckets = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    };

    private readonly Histogram<double> duration;
    private readonly Counter<int> tasks;

    public WorkMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        duration = meter.CreateHistogram<double>(ClaimDuration, "s", "Time that a claim took, whether it found tasks or not.", tags: null, TimeBuckets);
        tasks = meter.CreateCounter<int>("ax2.work.claimed", "{task}", "Tasks claimed.");
    }

    public void Claimed(int count, TimeSpan elapsed)
    {
        duration.Record(elapsed.TotalSeconds);
        tasks.Add(count);
    }
}
