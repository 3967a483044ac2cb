using System.ComponentModel;
using System.Diagnostics;

namespace AX2Caption.Testing.S3;

/// <summary>Runs one of Ceph's own programs on one configuration, to its end or as a server.</summary>
internal static class CephProgram
{
    public static async Task Run(string configuration, string program, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        using var process = Start(configuration, program, arguments);
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var error = process.StandardError.ReadToEndAsync(ct);
        try
        {
            await process.WaitForExitAsync(ct);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }

        if (process.ExitCode != 0)
            throw new InvalidOperationException($"`{program} {string.Join(' ', arguments)}` ended with {process.ExitCode}:\n{await output}{await error}");
    }

    /// <summary>Starts a server in the foreground; what it prints goes nowhere, since it has a log.</summary>
    public static Process Serve(string configuration, string program, IReadOnlyList<string> arguments)
    {
        var process = Start(configuration, program, arguments);
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static Process Start(string configuration, string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        // A caller's CEPH_ARGS and the like must not lead these programs to another cluster.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("CEPH_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["CEPH_CONF"] = configuration;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{program} cannot be run; are Debian's radosgw, ceph-mon, ceph-osd and ceph-common installed?", e);
        }
    }
}
