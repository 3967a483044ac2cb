using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AX2Caption.Grains.Media;

/// <summary>
/// Starts a process on a thread that lives as long as it does. bwrap dies with the <em>thread</em> that started it, not with the process, and
/// threads of a pool come and go: a process that outlived the one it was started on would be killed for no reason anyone could see.
/// </summary>
internal static partial class SandboxThread
{
    /// <summary>SIGSTOP.</summary>
    private const int StopSignal = 19;

    /// <summary>To set up the namespaces of a sandbox takes milliseconds, and much longer where many are set up at once.</summary>
    private static readonly TimeSpan StandsWithin = TimeSpan.FromSeconds(10);

    /// <summary>Starts a process.</summary>
    /// <param name="process">The process; its program is the sandbox, or stands before it and becomes it.</param>
    /// <param name="name">The thread's name.</param>
    /// <returns>The process's end, with its exit code.</returns>
    /// <exception cref="SandboxUnavailableException">It does not start.</exception>
    public static async Task<Task<int>> Start(Process process, string name)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var exited = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                process.Start();
            }
            catch (Win32Exception fault)
            {
                started.SetException(new SandboxUnavailableException(
                    $"'{process.StartInfo.FileName}' does not start: {fault.Message}. Install the package 'util-linux', or set its path in '{MediaSandboxOptions.Section}'.", fault));
                return;
            }

            started.SetResult();
            process.WaitForExit();
            exited.SetResult(process.ExitCode);
        })
        { IsBackground = true, Name = name }.Start();
        await started.Task;
        return exited.Task;
    }

    /// <summary>
    /// Ends a process that was started here, with all that it has started. What runs in the sandbox dies with bwrap, but only from the moment on
    /// when the sandbox is set up: who ends bwrap alone before that leaves a tool behind, which keeps its pipes open.
    /// </summary>
    public static void Kill(Process process)
    {
        try
        {
            if (process.HasExited)
            {
                return;
            }

            // What it is just about to start is not there to be found yet: only who stands still has started all that it will.
            if (Signal(process.Id, StopSignal) == 0)
            {
                SpinWait.SpinUntil(() => !Moves(process.Id), StandsWithin);
            }

            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended, and been let go of.
        }
    }

    /// <summary>Whether a process could still do something: it has neither been stopped nor ended.</summary>
    private static bool Moves(int id)
    {
        try
        {
            // The state follows the name, which stands in parentheses and may contain some.
            var status = File.ReadAllText($"/proc/{id}/stat");
            return status[status.LastIndexOf(')') + 2] is not ('T' or 't' or 'Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int id, int signal);
}
