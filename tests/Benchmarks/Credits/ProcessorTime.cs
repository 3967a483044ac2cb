using System.Diagnostics;

namespace AX2Caption.Benchmarks.Credits;

/// <summary>The time for which the cores worked for some processes.</summary>
internal static class ProcessorTime
{
    public static Dictionary<int, TimeSpan> Of(IEnumerable<int> processIds)
    {
        var times = new Dictionary<int, TimeSpan>();
        foreach (var id in processIds)
        {
            try
            {
                using var process = Process.GetProcessById(id);
                times[id] = process.TotalProcessorTime;
            }
            catch (ArgumentException)
            {
                // It has ended since somebody named it.
            }
        }

        return times;
    }

    /// <summary>What they had between two looks; one that has ended meanwhile counts for nothing.</summary>
    public static TimeSpan Between(Dictionary<int, TimeSpan> before, Dictionary<int, TimeSpan> after) =>
        after.Aggregate(TimeSpan.Zero, (sum, process) => sum + process.Value - before.GetValueOrDefault(process.Key));
}
