using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Work;

/// <summary>Runs every sweep in turn on each core silo. Sweeps only point grains at rows, so several silos may find the same ones.</summary>
internal sealed partial class Sweeper(
    IEnumerable<ISweep> sweeps, IOptions<WorkOptions> options, TimeProvider time, ILogger<Sweeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var sweep in sweeps)
            {
                await Run(sweep, stoppingToken);
            }
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
