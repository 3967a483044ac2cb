using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Work;

/// <summary>
/// Renews all leases of this worker in one statement per interval, and stops the work under those that it no longer
/// holds: canceled, lost, or too long out of touch with the database.
/// </summary>
internal sealed partial class LeaseKeeper(
    TaskQueue queue, RunningTasks running, WorkerRest rest, IOptions<WorkOptions> options, TimeProvider time, ILogger<LeaseKeeper> logger)
{
    public async Task Run(WorkerIdentity worker, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.Value.HeartbeatInterval, time);
        var lastKept = time.GetTimestamp();
        do
        {
            var leases = running.Leases;
            try
            {
                var kept = await queue.Heartbeat(worker, leases, CancellationToken.None, rest.IsUnfit);
                lastKept = time.GetTimestamp();
                running.Lose(leases.Where(lease => !kept.Contains(lease.Token)));
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                // Whatever it was: without this loop every lease runs out, and nobody hears what was canceled.
                LogFailed(fault);
                if (time.GetElapsedTime(lastKept) > options.Value.LeaseDuration)
                {
                    running.Lose(leases);
                }
            }
        }
        while (await NextTick(timer, cancellationToken));
    }

    private static async Task<bool> NextTick(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Leases could not be renewed; it will be tried again.")]
    private partial void LogFailed(Exception fault);
}
