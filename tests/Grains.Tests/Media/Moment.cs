using System.Diagnostics;

namespace AX2Caption.Grains.Tests.Media;

/// <summary>Time that passes in steps finer than a timer's, to meet a process at each point of its start.</summary>
internal static class Moment
{
    public static async Task Pass(TimeSpan moment)
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < moment)
            await Task.Yield();
    }
}
