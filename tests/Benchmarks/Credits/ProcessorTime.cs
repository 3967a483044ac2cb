using System.Diagnostics;

namespace AX2Caption.Benchmarks.Credits;

/// <summary>How much of the cores some processes had.</summary>
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

    /// <summary>Cores that were busy with these processes on average; one that has ended meanwhile counts for nothing.</summary>
    public static double Cores(Dictionary<int, TimeSpan> before, Dictionary<int, TimeSpan> after, TimeSpan between) =>
        after.Sum(process => (process.Value - before.GetValueOrDefault(process.Key)).TotalSeconds) / between.TotalSeconds;
}
