using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AX2Caption.Storage;

/// <summary>Gives back, at start and then regularly, the room that crashed writes took.</summary>
internal sealed class AbandonedWriteSweeper(IAbandonedWrites store, TimeProvider time, ILogger<AbandonedWriteSweeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(store.LookEvery, time);
        do
        {
            await Sweep(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task Sweep(CancellationToken cancellationToken)
    {
        try
        {
            var removed = await store.RemoveAbandonedWrites(cancellationToken);
            if (removed > 0)
                logger.LogInformation("Removed {Count} writes that were cut off more than {Age} ago.", removed, store.AbandonedAfter);
        }
        catch (IOException exception)
        {
            // The store is out of reach for now; readiness says so, and the next tick tries again.
            logger.LogWarning(exception, "Could not look for abandoned writes.");
        }
    }
}
