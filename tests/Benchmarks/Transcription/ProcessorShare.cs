using System.Globalization;

namespace AX2Caption.Benchmarks.Transcription;

/// <summary>
/// Holds processes, and all that they start from then on, together to a share of one core, by a control group of its own: the kernel's first or second version,
/// whichever this machine has.
/// </summary>
internal sealed class ProcessorShare : IDisposable
{
    private const int PeriodMicroseconds = 20_000;

    // Where the controllers are usually mounted; the second version is one tree for all.
    private static readonly string[] Roots = ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup"];

    private readonly string folder;

    private ProcessorShare(string folder) => this.folder = folder;

    /// <exception cref="InvalidOperationException">This machine lets nobody make control groups.</exception>
    public static ProcessorShare Of(IEnumerable<int> processes, double cores)
    {
        var quota = ((int)(PeriodMicroseconds * cores)).ToString(CultureInfo.InvariantCulture);
        foreach (var root in Roots.Where(Directory.Exists))
        {
            var folder = Path.Combine(root, $"ax2-benchmark-{Guid.CreateVersion7():N}");
            try
            {
                Directory.CreateDirectory(folder);
                if (File.Exists(Path.Combine(folder, "cpu.max")))
                {
                    File.WriteAllText(Path.Combine(folder, "cpu.max"), $"{quota} {PeriodMicroseconds}");
                }
                else
                {
                    File.WriteAllText(Path.Combine(folder, "cpu.cfs_period_us"), PeriodMicroseconds.ToString(CultureInfo.InvariantCulture));
                    File.WriteAllText(Path.Combine(folder, "cpu.cfs_quota_us"), quota);
                }

                foreach (var process in processes)
                    File.WriteAllText(Path.Combine(folder, "cgroup.procs"), process.ToString(CultureInfo.InvariantCulture));
                return new ProcessorShare(folder);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // No folder of this kind here, or not for us: the next.
                TryDelete(folder);
            }
        }

        throw new InvalidOperationException("Workers cannot be held to a share of a core: run this as a user who may make control groups below /sys/fs/cgroup.");
    }

    /// <summary>After the processes have ended.</summary>
    public void Dispose() => TryDelete(folder);

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Never made, or a process is still ending: an empty group costs nothing.
        }
    }
}
