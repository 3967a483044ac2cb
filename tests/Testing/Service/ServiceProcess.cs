using System.Diagnostics;
using System.Globalization;

namespace AX2Caption.Testing.Service;

/// <summary>One host of the service as a process, with its output in a file and its number in a <c>.pid</c> file beside it.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private const int TailLines = 60;

    private readonly Process process;
    private readonly string pidFile;
    private readonly string outputFile;
    private readonly Task output;

    private ServiceProcess(Process process, string pidFile, string outputFile, Task output)
    {
        this.process = process;
        this.pidFile = pidFile;
        this.outputFile = outputFile;
        this.output = output;
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>The process and all that came of it and runs.</summary>
    public IReadOnlyList<int> Family()
    {
        var family = new List<int> { process.Id };
        for (var at = 0; at < family.Count; at++)
        {
            var tasks = $"/proc/{family[at]}/task";
            if (!Directory.Exists(tasks))
                continue;
            try
            {
                family.AddRange(Directory.GetDirectories(tasks)
                    .SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .Select(child => int.Parse(child, CultureInfo.InvariantCulture)));
            }
            catch (IOException)
            {
                // It, or one of its threads, has ended meanwhile; its children have, or are the first process's now.
            }
        }

        return family;
    }

    /// <summary>Starts <c>dotnet ASSEMBLY</c>.</summary>
    public static ServiceProcess Start(string name, string assembly, string folder, IReadOnlyDictionary<string, string> settings)
    {
        var process = Process.Start(Dotnet([assembly], folder, settings))!;
        var pidFile = Path.Combine(folder, $"{name}.pid");
        File.WriteAllText(pidFile, process.Id.ToString(CultureInfo.InvariantCulture));
        var outputFile = Path.Combine(folder, $"{name}.out");
        return new ServiceProcess(process, pidFile, outputFile, Copy(process, outputFile));
    }

    /// <summary>Runs a command of a host's program to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> Run(
        IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        using var process = Process.Start(Dotnet(arguments, folder, settings))!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>SIGTERM, then waits for the process to end by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> Stop(CancellationToken cancellationToken)
    {
        await Signal("TERM", cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        await End();
        return process.ExitCode;
    }

    /// <summary>SIGSTOP: it is there and does nothing, as on a machine that swaps.</summary>
    public Task Freeze(CancellationToken cancellationToken) => Signal("STOP", cancellationToken);

    /// <summary>SIGCONT.</summary>
    public Task Thaw(CancellationToken cancellationToken) => Signal("CONT", cancellationToken);

    /// <summary>SIGKILL.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        await End();
    }

    /// <summary>The last lines it wrote.</summary>
    public string Tail()
    {
        using var file = new StreamReader(new FileStream(outputFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return string.Join('\n', file.ReadToEnd().Split('\n').TakeLast(TailLines));
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await Kill();
        process.Dispose();
    }

    /// <summary>With nothing of this process's environment but what a program needs to run.</summary>
    private static ProcessStartInfo Dotnet(IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var inherited in start.Environment.Keys.Where(key => key.Contains("__", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(inherited);
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        return start;
    }

    private async Task End()
    {
        await output;
        File.Delete(pidFile);
    }

    private async Task Signal(string signal, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    private static async Task Copy(Process process, string path)
    {
        await using var file = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        var writing = new Lock();
        await Task.WhenAll(CopyLines(process.StandardOutput), CopyLines(process.StandardError));

        async Task CopyLines(StreamReader lines)
        {
            while (await lines.ReadLineAsync() is { } line)
            {
                lock (writing)
                    file.WriteLine(line);
            }
        }
    }
}
