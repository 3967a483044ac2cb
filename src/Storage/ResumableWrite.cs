namespace AX2Caption.Storage;

/// <summary>
/// A write that goes on where it was left, perhaps by another process. Only one at a time may be open for a key; whoever opens
/// one knows the last checkpoint, and what was appended after it is dropped.
/// </summary>
public interface IResumableWrite : IAsyncDisposable
{
    /// <summary>Bytes appended so far, those before the checkpoint included.</summary>
    long Length { get; }

    /// <summary>Appends bytes. They are safe only once a checkpoint covers them.</summary>
    /// <exception cref="ObjectStoreFullException">There is no room left; what was appended before can still be checkpointed.</exception>
    ValueTask Append(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>
    /// Makes what is cheap to make durable survive any crash, and says how far that goes. Stores that write in large parts
    /// answer with less than <see cref="Length"/>.
    /// </summary>
    Task<WriteCheckpoint> Checkpoint(CancellationToken cancellationToken);

    /// <summary>Makes everything that was appended survive any crash. Nothing can be appended after it.</summary>
    Task<WriteCheckpoint> Suspend(CancellationToken cancellationToken);
}

/// <summary>How far a resumable write is safe.</summary>
/// <param name="Length">In bytes.</param>
/// <param name="State">The store's own note of how to go on; null where it needs none.</param>
public sealed record WriteCheckpoint(long Length, string? State)
{
    /// <summary>Nothing is written yet.</summary>
    public static WriteCheckpoint Start { get; } = new(0, null);
}

/// <summary>Somebody else writes at the moment.</summary>
public sealed class WriteInProgressException(string key) : IOException($"Another write of '{key}' is going on.");
