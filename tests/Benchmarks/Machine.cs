using System.Globalization;

namespace AX2Caption.Benchmarks;

/// <summary>What a figure has to be read with: the hardware, and how busy it was with other things.</summary>
internal static class Machine
{
    public static string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores ({Value("/proc/cpuinfo", "model name")}), {MemoryInGib():0.0} GiB memory, kernel {Kernel()}; {Load()}");

    public static string Load() =>
        $"load average of the last 1, 5 and 15 minutes: {string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3))}";

    private static double MemoryInGib() =>
        double.Parse(Value("/proc/meminfo", "MemTotal").Split(' ')[0], CultureInfo.InvariantCulture) / (1 << 20);

    private static string Kernel() => File.ReadAllText("/proc/sys/kernel/osrelease").Trim();

    private static string Value(string file, string key) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown";
}
