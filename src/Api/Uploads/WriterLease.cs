using AX2Caption.Api.Cluster;
using AX2Caption.Grains.Abstractions.Uploads;
using AX2Caption.Storage;

namespace AX2Caption.Api.Uploads;

/// <summary>
/// Holds an upload while a piece of it is written: says so three times within the lease, and how far the piece is safe. The
/// bytes never wait for the answer.
/// </summary>
internal sealed class WriterLease(ClusterCalls cluster, Guid uploadId, Guid writer, TimeSpan length, TimeProvider time) : IDisposable
{
    private const int RenewalsPerLease = 3;

    private readonly CancellationTokenSource lost = new();
    private readonly TimeSpan interval = length / RenewalsPerLease;
    private long renewedAt = time.GetTimestamp();
    private Task renewal = Task.CompletedTask;

    /// <summary>Ends when the upload was given to somebody else or is gone.</summary>
    public CancellationToken Lost => lost.Token;

    private TimeSpan Left => interval - time.GetElapsedTime(renewedAt);

    /// <summary>Waits for what is read and renews the lease meanwhile. When it answers or throws, nothing is read any more.</summary>
    /// <param name="read">What is waited for; it ends when <see cref="Lost"/> does.</param>
    /// <param name="checkpoint">How far the piece is safe.</param>
    /// <exception cref="CheckpointFailedException">What was written could not be made safe.</exception>
    public async ValueTask<int> WhileReading(ValueTask<int> read, Func<Task<WriteCheckpoint>> checkpoint)
    {
        if (read.IsCompleted && Left > TimeSpan.Zero)
            return await read;

        var reading = read.AsTask();
        do
        {
            if (Left <= TimeSpan.Zero && renewal.IsCompleted && await FaultOfRenewing(checkpoint) is { } fault)
            {
                // Whoever gets the buffer next must not find the rest of this body in it.
                await lost.CancelAsync();
                await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw new CheckpointFailedException(fault);
            }

            await Task.WhenAny(reading, Task.Delay(Left > TimeSpan.Zero ? Left : interval, time));
        }
        while (!reading.IsCompleted);
        return await reading;
    }

    /// <summary>Answers when nothing is said any more.</summary>
    public Task Settled() => renewal;

    public void Dispose() => lost.Dispose();

    private async Task<Exception?> FaultOfRenewing(Func<Task<WriteCheckpoint>> checkpoint)
    {
        try
        {
            var safe = await checkpoint();
            renewedAt = time.GetTimestamp();
            renewal = Say(new UploadProgress(safe.Length, safe.State));
            return null;
        }
        catch (Exception fault) when (fault is IOException or ObjectNotFoundException)
        {
            return fault;
        }
    }

    private async Task Say(UploadProgress progress)
    {
        try
        {
            // Not for longer than the lease: what is said later is newer.
            using var limit = new CancellationTokenSource(length, time);
            var standing = await cluster.Call(
                (grains, _) => grains.GetGrain<IUploadGrain>(uploadId).ExtendWrite(writer, progress), limit.Token);
            if (standing != WriterStanding.Holds)
                await lost.CancelAsync();
        }
        catch (Exception exception) when (exception is ClusterUnavailableException or OperationCanceledException)
        {
            // A cluster that is away can have given the upload to nobody else; it is said again.
        }
    }
}

/// <summary>What was written of a piece could not be made safe: the store's fault, and not that of whoever sends it.</summary>
internal sealed class CheckpointFailedException(Exception inner) : Exception(inner.Message, inner);
