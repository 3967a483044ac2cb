using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using AX2Caption.Grains.Abstractions;
using Npgsql;

namespace AX2Caption.Grains.Database;

/// <summary>
/// Does together what many callers want of the database: while one commit is under way, the next items gather. No two of one key
/// share a commit. When a commit fails its items fail; where one item alone is at fault, it alone. No more than a limit may wait.
/// </summary>
/// <typeparam name="TItem">What is to be written.</typeparam>
/// <typeparam name="TResult">What its caller is told.</typeparam>
internal sealed class GroupCommit<TItem, TResult> : IAsyncDisposable
{
    private const int MaximumAtOnce = 4;

    private readonly Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> write;
    private readonly Func<TItem, Guid> keyOf;
    private readonly GroupLimits limits;
    private readonly Channel<Waiting> queue = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim places = new(MaximumAtOnce);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task writing;
    private int pending;

    /// <param name="write">Writes items in one transaction, all or none, and answers for each in their order.</param>
    /// <param name="keyOf">What an item is about.</param>
    /// <param name="limits">How many go together, and when.</param>
    public GroupCommit(Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> write, Func<TItem, Guid> keyOf, GroupLimits limits)
    {
        (this.write, this.keyOf, this.limits) = (write, keyOf, limits);
        // It works for all callers, and not in the context of the first.
        using (ExecutionContext.SuppressFlow())
            writing = Task.Run(WriteAll);
    }

    /// <summary>Answers when the item is committed.</summary>
    /// <exception cref="ServiceUnavailableException">Too many wait, or the silo is stopping; the item is not written.</exception>
    public Task<TResult> Write(TItem item)
    {
        if (Interlocked.Increment(ref pending) > limits.MaximumPending)
        {
            Interlocked.Decrement(ref pending);
            return Task.FromException<TResult>(new ServiceUnavailableException("More waits to be written than may."));
        }

        var waiting = new Waiting(item);
        // From the end on nobody counts any more.
        return queue.Writer.TryWrite(waiting) ? waiting.Result.Task : Task.FromException<TResult>(new ServiceUnavailableException("This silo is stopping."));
    }

    /// <summary>Writes what was asked for, and takes nothing more.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await stopping.CancelAsync();
        await writing;
    }

    private async Task WriteAll()
    {
        Waiting? held = null;
        while (held is not null || await queue.Reader.WaitToReadAsync())
        {
            await places.WaitAsync();
            var batch = new List<Waiting>();
            var keys = new HashSet<Guid>();
            for (var next = held; batch.Count < limits.Maximum && (next is not null || queue.Reader.TryRead(out next)); next = null)
            {
                held = keys.Add(keyOf(next.Item)) ? null : next;
                if (held is not null)
                    break;
                batch.Add(next);
            }

            var pace = batch.Count > 1 ? Task.Delay(limits.Pace, stopping.Token) : Task.CompletedTask;
            await Task.WhenAny(WriteInItsPlace(batch), Task.Delay(limits.Patience));
            await pace.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        for (var place = 0; place < MaximumAtOnce; place++)
            await places.WaitAsync();
    }

    private async Task WriteInItsPlace(IReadOnlyList<Waiting> batch)
    {
        await Write(batch);
        places.Release();
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Each caller is told what went wrong with its own item.")]
    private async Task Write(IReadOnlyList<Waiting> batch)
    {
        try
        {
            var results = await write([.. batch.Select(waiting => waiting.Item)]);
            if (results.Count != batch.Count)
                throw new NotSupportedException($"{results.Count} answers to {batch.Count} items.");
            Interlocked.Add(ref pending, -batch.Count);
            for (var i = 0; i < batch.Count; i++)
                batch[i].Result.SetResult(results[i]);
        }
        catch (Exception fault) when (batch.Count == 1 || !IsOfOneItem(fault))
        {
            Interlocked.Add(ref pending, -batch.Count);
            foreach (var waiting in batch)
                waiting.Result.SetException(fault);
        }
        catch (Exception fault)
        {
            // One of them is at fault, and nothing was written. It is found by halves; but each part that has it waits for its lock anew,
            // so that a row which somebody holds is found by writing each alone.
            foreach (var part in batch.Chunk(IsLockTimeout(fault) ? 1 : (batch.Count + 1) / 2))
                await Write(part);
        }
    }

    /// <summary>PostgreSQL refused the data, somebody holds a row, or the item could not be made sense of; all else says nothing of the items.</summary>
    private static bool IsOfOneItem(Exception fault) => fault switch
    {
        PostgresException refused => refused.IsRefusal() || IsLockTimeout(refused),
        NpgsqlException or OperationCanceledException or IOException or ObjectDisposedException or NotSupportedException => false,
        _ => true,
    };

    private static bool IsLockTimeout(Exception fault) => fault is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };

    private sealed record Waiting(TItem Item)
    {
        public TaskCompletionSource<TResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>How much of a silo's work goes to the database together, and when.</summary>
/// <param name="Maximum">Items that share a commit at most.</param>
/// <param name="MaximumPending">Items that may wait or be under way.</param>
/// <param name="Patience">How long a commit that is held up keeps the next one waiting, unless four are under way.</param>
/// <param name="Pace">From the beginning of a commit that several items shared to that of the next one, at least.</param>
internal sealed record GroupLimits(int Maximum, int MaximumPending, TimeSpan Patience, TimeSpan Pace);
