using System.Globalization;
using HdrHistogram;

namespace AX2Caption.Benchmarks.Credits;

/// <summary>What was done in a measured stretch of time.</summary>
/// <param name="Took">How long the stretch was.</param>
/// <param name="Latencies">How long each operation that ended in it took, in microseconds.</param>
/// <param name="Notes">What else was seen.</param>
internal sealed record Stretch(TimeSpan Took, HistogramBase Latencies, string Notes = "")
{
    public double PerSecond => Latencies.TotalCount / Took.TotalSeconds;

    /// <summary>Takes an operation of up to a minute, to three digits.</summary>
    public static LongConcurrentHistogram NewLatencies() => new(1, TimeSpan.FromMinutes(1).Ticks / TimeSpan.TicksPerMicrosecond, 3);

    /// <summary>Both together.</summary>
    public Stretch And(Stretch other)
    {
        var latencies = NewLatencies();
        latencies.Add(Latencies);
        latencies.Add(other.Latencies);
        return new Stretch(Took + other.Took, latencies);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{PerSecond,9:0} per s, p50 {Milliseconds(50):0.00} ms, p99 {Milliseconds(99):0.00} ms{Notes}");

    private double Milliseconds(double percentile) => Latencies.TotalCount > 0
        ? Latencies.GetValueAtPercentile(percentile) / 1000.0
        : throw new InvalidOperationException("No operation ended within the measured time.");
}
