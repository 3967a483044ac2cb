using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AX2Caption.Storage;

/// <summary>Gives back, at start and then regularly, the room that crashed writes took.</summary>
internal sealed class AbandonedWriteSweeper(
    LocalObjectStore store,
    IOptions<StorageOptions> options,
    TimeProvider time,
    ILogger<AbandonedWriteSweeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var age = options.Value.AbandonedWriteAge;
        using var timer = new PeriodicTimer(age, time);
        do
        {
            Sweep(age, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Sweep(TimeSpan age, CancellationToken cancellationToken)
    {
        try
        {
            var removed = store.RemoveAbandonedWrites(age, cancellationToken);
            if (removed > 0)
                logger.LogInformation("Removed {Count} writes that were cut off more than {Age} ago.", removed, age);
        }
        catch (IOException exception)
        {
            // The folder is out of reach for now; readiness says so, and the next tick tries again.
            logger.LogWarning(exception, "Could not look for abandoned writes.");
        }
    }
}
