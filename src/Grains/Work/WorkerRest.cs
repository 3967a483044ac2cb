using AX2Caption.Grains.Media;
using AX2Caption.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Work;

/// <summary>
/// Keeps a worker that is not well from taking one task after the other and failing them all, faster than the others can take them: it
/// rests, and takes tasks again when it has all that it needs.
/// </summary>
internal sealed partial class WorkerRest(
    WorkerPrerequisites prerequisites, IOptions<WorkOptions> options, TimeProvider time, ILogger<WorkerRest> logger)
{
    private volatile bool isDue;

    /// <summary>Whether an attempt failed by its worker's machine, and not by its input.</summary>
    public static bool IsDueAfter(Exception fault) =>
        fault is SandboxUnavailableException or MediaToolDisturbedException || FullDisk.Caused(fault);

    /// <summary>The worker shall rest before it takes the next task.</summary>
    public void Ask() => isDue = true;

    /// <summary>Returns at once if nobody asked for a rest; else when it is over.</summary>
    public async Task Take(CancellationToken stoppingToken)
    {
        while (isDue)
        {
            isDue = false;
            LogRests();
            await Task.Delay(options.Value.OutageDelay.Jittered(), time, stoppingToken);
            try
            {
                await prerequisites.Check(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotWell(fault);
                isDue = true;
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "This worker's machine has made a task fail; the worker rests for a while.")]
    private partial void LogRests();

    [LoggerMessage(LogLevel.Error, "This worker lacks what it needs and takes no tasks.")]
    private partial void LogNotWell(Exception fault);
}
