using System.Globalization;

namespace AX2Caption.Benchmarks.Uploads;

/// <summary>How much more memory a process has resident than when the watch began, at the most.</summary>
internal sealed class ResidentMemory : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly string status;
    private readonly long before;
    private readonly Timer timer;
    private long most;

    private ResidentMemory(int processId)
    {
        status = $"/proc/{processId}/status";
        before = Kibibytes();
        most = before;
        timer = new Timer(_ => Look(), null, LookEvery, LookEvery);
    }

    public double GrowthMiB => (Interlocked.Read(ref most) - before) / 1024.0;

    public static ResidentMemory Watch(int processId) => new(processId);

    public void Dispose() => timer.Dispose();

    private void Look()
    {
        var now = Kibibytes();
        if (now > Interlocked.Read(ref most))
            Interlocked.Exchange(ref most, now);
    }

    private long Kibibytes()
    {
        const string Key = "VmRSS:";
        var line = File.ReadLines(status).First(line => line.StartsWith(Key, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(Key.Length).Trim().TrimEnd("kB").Trim(), NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
