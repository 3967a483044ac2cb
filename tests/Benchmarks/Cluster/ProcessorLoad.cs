using System.Diagnostics;
using System.Globalization;

namespace AX2Caption.Benchmarks.Cluster;

/// <summary>
/// Processes that want all the time of every core, two for each. The kernel ends them when they have had their share, whatever becomes of who started them;
/// a <c>.pid</c> file for each says that they are there.
/// </summary>
internal sealed class ProcessorLoad : IDisposable
{
    private const int PerCore = 2;

    private readonly List<(Process Process, string PidFile)> burners = [];

    private ProcessorLoad()
    {
    }

    /// <param name="folder">Where the processes work.</param>
    /// <param name="atMost">The processor time that each may use.</param>
    public static ProcessorLoad Begin(string folder, TimeSpan atMost)
    {
        var load = new ProcessorLoad();
        for (var i = 0; i < PerCore * Environment.ProcessorCount; i++)
        {
            // It becomes the program that it starts, so this one number is all there is to end.
            var process = Process.Start(new ProcessStartInfo(
                "prlimit", [string.Create(CultureInfo.InvariantCulture, $"--cpu={atMost.TotalSeconds:0}"), "sha256sum", "/dev/zero"])
            {
                WorkingDirectory = folder,
            })!;
            var pidFile = Path.Combine(folder, $"burner-{process.Id}.pid");
            File.WriteAllText(pidFile, process.Id.ToString(CultureInfo.InvariantCulture));
            load.burners.Add((process, pidFile));
        }

        return load;
    }

    public void Dispose()
    {
        foreach (var (process, pidFile) in burners)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
            File.Delete(pidFile);
        }
    }
}
