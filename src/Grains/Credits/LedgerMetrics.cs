using System.Diagnostics.Metrics;

namespace AX2Caption.Grains.Credits;

/// <summary>What the writer of the ledger does, as the meter <c>AX2Caption.Credits</c>.</summary>
internal sealed class LedgerMetrics
{
    public const string MeterName = "AX2Caption.Credits";

    private readonly Histogram<int> entries;
    private readonly Histogram<double> duration;
    private readonly Counter<int> batches;

    public LedgerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        entries = meter.CreateHistogram<int>("ax2.credits.commit.entries", "{entry}", "Entries in one statement.");
        duration = meter.CreateHistogram<double>("ax2.credits.commit.duration", "s", "Time that a statement took.");
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
