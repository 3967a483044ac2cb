using Npgsql;

namespace AX2Caption.Silo.Hosting;

/// <summary>Lets no silo start whose clock is wrong. A database that does not answer is left to those that need it more.</summary>
internal sealed class ClockGuard(DatabaseClock clock) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await clock.Complaint(cancellationToken) is { } complaint)
            {
                throw new InvalidOperationException(complaint);
            }
        }
        catch (NpgsqlException)
        {
            // The silo's membership is read next, and says so.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
