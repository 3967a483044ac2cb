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
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private volatile bool isDue;
    private volatile bool isUnfit;

    /// <summary>Whether the worker was found to lack something and takes no tasks until it has it again.</summary>
    public bool IsUnfit => isUnfit;

    private TimeSpan Pause => options.Value.OutageDelay > Shortest ? options.Value.OutageDelay : Shortest;

    /// <summary>Whether an attempt failed by its worker's machine, and not by its input.</summary>
    public static bool IsDueAfter(Exception fault) => fault is SandboxUnavailableException or MediaToolDisturbedException
        || FullDisk.Caused(fault)
        || (fault is ObjectStoreFullException { InnerException: { } inner } && FullDisk.Caused(inner));

    /// <summary>The worker shall rest before it takes the next task.</summary>
    public void Ask() => isDue = true;

    /// <summary>Returns at once if nobody asked for a rest; else when it is over.</summary>
    public async Task Take(CancellationToken stoppingToken)
    {
        if (!isDue)
        {
            return;
        }

        LogRests();
        do
        {
            isDue = false;
            await Task.Delay(Pause.Jittered(), time, stoppingToken);
            isUnfit = !await IsWell(stoppingToken);
        }
        while (isDue || isUnfit);
        LogRested();
    }

    private async Task<bool> IsWell(CancellationToken stoppingToken)
    {
        try
        {
            await prerequisites.Check(stoppingToken);
            return true;
        }
        catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
        {
            LogNotWell(fault);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "This worker's machine has made a task fail; the worker rests.")]
    private partial void LogRests();

    [LoggerMessage(LogLevel.Error, "This worker lacks what it needs and goes on resting.")]
    private partial void LogNotWell(Exception fault);

    [LoggerMessage(LogLevel.Information, "This worker has all that it needs and takes tasks again.")]
    private partial void LogRested();
}
