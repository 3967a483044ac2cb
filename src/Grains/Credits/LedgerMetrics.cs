using System.Diagnostics.Metrics;

namespace AX2Caption.Grains.Credits;

/// <summary>What the writer of the ledger does, as the meter <c>AX2Caption.Credits</c>.</summary>
internal sealed class LedgerMetrics
{
    public const string MeterName = "AX2Caption.Credits";

    private static readonly InstrumentAdvice<int> EntryBuckets = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] };

    private static readonly InstrumentAdvice<double> TimeBuckets = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
    };

    private readonly Histogram<int> entries;
    private readonly Histogram<double> duration;
    private readonly Counter<int> batches;

    public LedgerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        entries = meter.CreateHistogram<int>("ax2.credits.commit.entries", "{entry}", "Entries in one statement.", tags: null, EntryBuckets);
        duration = meter.CreateHistogram<double>("ax2.credits.commit.duration", "s", "Time that a statement took.", tags: null, TimeBuckets);
        batches = meter.CreateCounter<int>("ax2.credits.batches", "{batch}", "Batches of single accounts, by what became of them.");
    }

    public void Committed(int entries, int committed, int doubtful, TimeSpan elapsed)
    {
        this.entries.Record(entries);
        duration.Record(elapsed.TotalSeconds);
        Count(committed, "committed");
        Count(doubtful, "fence_lost");
    }

    public void Unknown(int count) => Count(count, "unknown");

    private void Count(int count, string outcome)
    {
        if (count > 0)
        {
            batches.Add(count, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }
}
