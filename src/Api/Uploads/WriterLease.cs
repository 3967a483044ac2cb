using AX2Caption.Api.Cluster;
using AX2Caption.Grains.Abstractions.Uploads;
using AX2Caption.Storage;

namespace AX2Caption.Api.Uploads;

/// <summary>
/// Holds an upload while a piece of it is written: says so three times within the lease, and how far the piece is safe. The
/// bytes never wait for the answer.
/// </summary>
internal sealed class WriterLease : IAsyncDisposable
{
    private const int RenewalsPerLease = 3;

    private readonly Func<UploadProgress, CancellationToken, Task<WriterStanding>> say;
    private readonly TimeSpan length;
    private readonly TimeSpan interval;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource lost = new();
    private readonly CancellationTokenSource ended = new();
    private readonly Task keeping;
    private UploadProgress safe;
    private long renewedAt;
    private Task renewal = Task.CompletedTask;
    private Task pause = Task.CompletedTask;

    /// <param name="say">Tells the upload how far it is safe, and hears whether it is still held.</param>
    /// <param name="length">For how long, unless it is said again.</param>
    /// <param name="safe">How far the upload is.</param>
    /// <param name="time">The clock.</param>
    public WriterLease(
        Func<UploadProgress, CancellationToken, Task<WriterStanding>> say, TimeSpan length, UploadProgress safe, TimeProvider time)
    {
        (this.say, this.length, this.safe, this.time) = (say, length, safe, time);
        interval = length / RenewalsPerLease;
        renewedAt = time.GetTimestamp();
        keeping = KeepSaying();
    }

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

            // One pause for all the reads within it: a fast body has thousands.
            if (pause.IsCompleted)
                pause = Task.Delay(Left > TimeSpan.Zero ? Left : interval, time);
            await Task.WhenAny(reading, pause);
        }
        while (!reading.IsCompleted);
        return await reading;
    }

    /// <summary>Answers when nothing is said any more.</summary>
    public Task Settled() => renewal;

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await keeping;
        await renewal;
        ended.Dispose();
        lost.Dispose();
    }

    /// <summary>Says it also while the store is slow and nothing is read, with what was safe the last time.</summary>
    private async Task KeepSaying()
    {
        using var timer = new PeriodicTimer(interval / 2, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended.Token))
            {
                // Whoever reads says it on time, and knows more.
                if (Left <= -interval / 2 && renewal.IsCompleted)
                    SayNow();
            }
        }
        catch (OperationCanceledException)
        {
            // The piece has ended.
        }
    }

    private void SayNow()
    {
        renewedAt = time.GetTimestamp();
        renewal = Say(safe);
    }

    private async Task<Exception?> FaultOfRenewing(Func<Task<WriteCheckpoint>> checkpoint)
    {
        try
        {
            var reached = await checkpoint();
            safe = new UploadProgress(reached.Length, reached.State);
            SayNow();
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
            if (await say(progress, limit.Token) != WriterStanding.Holds)
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
