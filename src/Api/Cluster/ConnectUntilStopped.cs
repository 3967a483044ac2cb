namespace AX2Caption.Api.Cluster;

/// <summary>Tries to connect to the cluster for as long as the process runs.</summary>
internal sealed class ConnectUntilStopped(TimeProvider time, ILogger<ConnectUntilStopped> log) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        log.LogWarning("No silo answers yet ({Reason}); trying again in {Pause}", exception.Message, Pause);
        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }
}
