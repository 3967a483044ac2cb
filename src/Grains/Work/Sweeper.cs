using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Work;

/// <summary>
/// Runs every sweep on each core silo, beside each other, so that none waits for one that is slow. What a sweep finds, other silos may be
/// finding, too.
/// </summary>
internal sealed partial class Sweeper(
    IEnumerable<ISweep> sweeps, IOptions<WorkOptions> options, TimeProvider time, ILogger<Sweeper> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(sweeps.Select(sweep => RunEach(sweep, stoppingToken)));

    private async Task RunEach(ISweep sweep, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await Run(sweep, stoppingToken);
        }
    }

    private async Task Run(ISweep sweep, CancellationToken stoppingToken)
    {
        try
        {
            if (await sweep.Run(options.Value.SweepLimit, stoppingToken) is > 0 and var found)
            {
                LogSwept(sweep.Name, found);
            }
        }
        catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
        {
            // The database or a grain may be away for a while; the next round finds the same rows.
            LogFailed(fault, sweep.Name);
        }
    }

    [LoggerMessage(LogLevel.Information, "Swept {Sweep}: {Count}.")]
    private partial void LogSwept(string sweep, int count);

    [LoggerMessage(LogLevel.Warning, "Sweeping {Sweep} failed; it will run again.")]
    private partial void LogFailed(Exception fault, string sweep);
}
