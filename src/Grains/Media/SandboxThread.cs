using System.ComponentModel;
using System.Diagnostics;

namespace AX2Caption.Grains.Media;

/// <summary>
/// Starts a process on a thread that lives as long as it does. bwrap dies with the <em>thread</em> that started it, not with the process, and
/// threads of a pool come and go: a process that outlived the one it was started on would be killed for no reason anyone could see.
/// </summary>
internal static class SandboxThread
{
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
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended, and been let go of.
        }
    }
}
