using System.Threading.Channels;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Auditing;
using AX2Caption.Grains.Database;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Grains.Credits;

/// <summary>
/// Writes the batches of all accounts that are active on this silo: while one statement is under way the next batches
/// gather, and then go together. Each keeps its own fence, so one that fails takes no other along. When the silo stops,
/// what is waiting is still written.
/// </summary>
internal sealed partial class LedgerWriter(
    LedgerTable table,
    ChangedAccounts changed,
    IOptions<LedgerOptions> options,
    LedgerMetrics metrics,
    TimeProvider time,
    ILogger<LedgerWriter> logger) : IHostedService, IDisposable
{
    private readonly Channel<WaitingBatch> queue =
        Channel.CreateUnbounded<WaitingBatch>(new UnboundedChannelOptions { SingleReader = true });

    private readonly CancellationTokenSource stopping = new();
    private int pending;
    private Task writing = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        writing = WriteUntilStopped();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Writer.TryComplete();
        await stopping.CancelAsync();
        await writing.WaitAsync(cancellationToken);
    }

    public void Dispose() => stopping.Dispose();

    /// <exception cref="ServiceUnavailableException">The silo is stopping; nothing of the batch is written.</exception>
    public Task<CommitOutcome> Commit(AccountBatch batch)
    {
        var size = batch.Entries.Count;
        // A batch that alone is larger than the limit goes when nothing else waits, or it never would.
        var total = Interlocked.Add(ref pending, size);
        if (total > options.Value.MaximumPending && total != size)
        {
            Interlocked.Add(ref pending, -size);
            return Task.FromResult<CommitOutcome>(new CommitOutcome.Full());
        }

        var waiting = new WaitingBatch(batch);
        return queue.Writer.TryWrite(waiting)
            ? waiting.Outcome
            : Task.FromException<CommitOutcome>(new ServiceUnavailableException("This silo is stopping."));
    }

    private async Task WriteUntilStopped()
    {
        var taken = new List<WaitingBatch>();
        while (await queue.Reader.WaitToReadAsync())
        {
            for (var size = 0; size < options.Value.MaximumPerCommit && queue.Reader.TryRead(out var next); size += next.Size)
            {
                taken.Add(next);
            }

            var pace = taken.Count > 1 ? Task.Delay(options.Value.Pace, stopping.Token) : Task.CompletedTask;
            await Write(taken);
            Interlocked.Add(ref pending, -taken.Sum(batch => batch.Size));
            taken.Clear();
            await pace.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Writes batches in one statement. If the database refuses what it says, the culprit is found by halves: nothing of a
    /// refused statement is written, and the fences make writing again harmless.
    /// </summary>
    private async Task Write(IReadOnlyList<WaitingBatch> batches)
    {
        var started = time.GetTimestamp();
        try
        {
            var committed = await table.Write([.. batches.Select(batch => batch.Batch)], options.Value.CommitTimeout);
            changed.Add(committed);
            metrics.Committed(
                batches.Sum(batch => batch.Size), committed.Count, batches.Count - committed.Count, time.GetElapsedTime(started));
            foreach (var batch in batches)
            {
                batch.End(committed.Contains(batch.Batch.AccountId) ? new CommitOutcome.Committed() : new CommitOutcome.Doubtful());
            }
        }
        catch (Exception fault) when (!IsRefusal(fault))
        {
            LogUnknown(fault, batches.Count);
            metrics.Unknown(batches.Count);
            foreach (var batch in batches)
            {
                batch.End(new CommitOutcome.Doubtful());
            }
        }
        catch (Exception fault) when (batches is [var alone])
        {
            alone.End(new CommitOutcome.Rejected(fault));
        }
        catch (Exception)
        {
            // Refused, and by whose fault is not known yet.
            await Write([.. batches.Take(batches.Count / 2)]);
            await Write([.. batches.Skip(batches.Count / 2)]);
        }
    }

    /// <summary>
    /// Whether the statement's content is at fault: PostgreSQL refused data (class 22) or a constraint did (23), or the driver
    /// could not even send it. All else may pass by itself and says nothing of what was written.
    /// </summary>
    private static bool IsRefusal(Exception fault) => fault switch
    {
        PostgresException refused => refused.IsRefusal(),
        NpgsqlException or OperationCanceledException or IOException or ObjectDisposedException => false,
        _ => true,
    };

    [LoggerMessage(LogLevel.Error, "The outcome of writing {Count} batches of credits is unknown; the ledger will be asked.")]
    private partial void LogUnknown(Exception fault, int count);

    private sealed class WaitingBatch(AccountBatch batch)
    {
        private readonly TaskCompletionSource<CommitOutcome> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public AccountBatch Batch => batch;

        public int Size => batch.Entries.Count;

        public Task<CommitOutcome> Outcome => outcome.Task;

        public void End(CommitOutcome value) => outcome.TrySetResult(value);
    }
}
