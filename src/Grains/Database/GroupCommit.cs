using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using AX2Caption.Grains.Abstractions;
using Npgsql;

namespace AX2Caption.Grains.Database;

/// <summary>
/// Writes together what many callers want written: while one commit is under way, the next items gather. No two of one key
/// share a commit. When a commit fails its items fail; where one item alone is at fault, it alone.
/// </summary>
/// <typeparam name="TItem">What is to be written.</typeparam>
/// <typeparam name="TResult">What its caller is told.</typeparam>
internal sealed class GroupCommit<TItem, TResult> : IAsyncDisposable
{
    // A commit that waits for somebody's lock keeps the next one waiting for so long only, and so many may be under way.
    private const int MaximumAtOnce = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> write;
    private readonly Func<TItem, Guid> keyOf;
    private readonly int maximum;
    private readonly Channel<Waiting> queue = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim places = new(MaximumAtOnce);
    private readonly Task writing;

    /// <param name="write">Writes items in one transaction, all or none, and answers for each in their order.</param>
    /// <param name="keyOf">What an item is about.</param>
    /// <param name="maximum">Items that share a commit at most.</param>
    public GroupCommit(Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> write, Func<TItem, Guid> keyOf, int maximum)
    {
        (this.write, this.keyOf, this.maximum) = (write, keyOf, maximum);
        // It works for all callers, and not in the context of the first.
        using (ExecutionContext.SuppressFlow())
            writing = Task.Run(WriteAll);
    }

    /// <summary>Answers when the item is committed.</summary>
    public Task<TResult> Write(TItem item)
    {
        var waiting = new Waiting(item);
        return queue.Writer.TryWrite(waiting) ? waiting.Result.Task : Task.FromException<TResult>(new ServiceUnavailableException("This silo is stopping."));
    }

    /// <summary>Writes what was asked for, and takes nothing more.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
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
            for (var next = held; batch.Count < maximum && (next is not null || queue.Reader.TryRead(out next)); next = null)
            {
                held = keys.Add(keyOf(next.Item)) ? null : next;
                if (held is not null)
                    break;
                batch.Add(next);
            }

            await Task.WhenAny(WriteInItsPlace(batch), Task.Delay(Patience));
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
            for (var i = 0; i < batch.Count; i++)
                batch[i].Result.SetResult(results[i]);
        }
        catch (Exception fault) when (batch.Count == 1 || !IsOfOneItem(fault))
        {
            foreach (var waiting in batch)
                waiting.Result.SetException(fault);
        }
        catch (Exception)
        {
            // One of them is at fault, and nothing was written.
            foreach (var waiting in batch)
                await Write([waiting]);
        }
    }

    /// <summary>PostgreSQL refused data (class 22) or a constraint did (23), or the item could not be made sense of; all else says nothing of the items.</summary>
    private static bool IsOfOneItem(Exception fault) => fault switch
    {
        PostgresException refused => refused.SqlState[..2] is "22" or "23",
        NpgsqlException or OperationCanceledException or IOException or ObjectDisposedException or NotSupportedException => false,
        _ => true,
    };

    private sealed record Waiting(TItem Item)
    {
        public TaskCompletionSource<TResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
