namespace AX2Caption.Storage;

/// <summary>
/// Keeps media and what is derived from it as objects named by keys such as <c>videos/{id}/source</c>.
/// Keys are one or more segments of <c>[A-Za-z0-9._-]</c> (none of them <c>.</c> or <c>..</c>) joined by <c>/</c>, 512 characters at most.
/// A write becomes visible whole or not at all, whatever is killed while it runs.
/// </summary>
public interface IObjectStore
{
    /// <summary>Writes an object from a stream, with memory independent of its length, replacing one that stands there.</summary>
    /// <returns>Its length and SHA-256, computed while it was written.</returns>
    /// <exception cref="ObjectStoreFullException">There is no room left; nothing became visible.</exception>
    Task<WrittenObject> Put(string key, Stream content, CancellationToken cancellationToken);

    /// <summary>What is known of an object, or null where there is none.</summary>
    Task<StoredObject?> Stat(string key, CancellationToken cancellationToken);

    /// <summary>Opens an object for reading, from <paramref name="offset"/> on, <paramref name="length"/> bytes or to its end.</summary>
    /// <exception cref="ObjectNotFoundException">There is no such object.</exception>
    Task<Stream> OpenRead(string key, long offset, long? length, CancellationToken cancellationToken);

    /// <summary>Makes an object available as a read-only file at <paramref name="path"/>, which must not exist; the caller deletes it.</summary>
    /// <exception cref="ObjectNotFoundException">There is no such object.</exception>
    Task Download(string key, string path, CancellationToken cancellationToken);

    /// <summary>Renames an object. Done again after a lost answer it succeeds: the source is gone and the target stands.</summary>
    /// <exception cref="ObjectNotFoundException">Neither the source nor the target exists.</exception>
    Task Move(string sourceKey, string targetKey, CancellationToken cancellationToken);

    /// <summary>Makes a second object of the same content, replacing one that stands there.</summary>
    /// <exception cref="ObjectNotFoundException">The source does not exist.</exception>
    Task Copy(string sourceKey, string targetKey, CancellationToken cancellationToken);

    /// <summary>Deletes an object; one that is not there counts as deleted.</summary>
    Task Delete(string key, CancellationToken cancellationToken);

    /// <summary>Every object whose key begins with <paramref name="prefix"/> (which ends in <c>/</c> or is empty), in no particular order.</summary>
    IAsyncEnumerable<StoredObject> List(string prefix, CancellationToken cancellationToken);

    /// <summary>Goes on with a write at its last checkpoint, or begins one at <see cref="WriteCheckpoint.Start"/>. Nothing is visible of it until it is finished.</summary>
    /// <param name="key">The object that it will be.</param>
    /// <param name="from">The last checkpoint.</param>
    /// <param name="expectedLength">How long it will be in the end, in bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="WriteInProgressException">Somebody else writes at the moment.</exception>
    /// <exception cref="ObjectStoreFullException">There is no room left.</exception>
    Task<IResumableWrite> Resume(string key, WriteCheckpoint from, long expectedLength, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a suspended write the object, whole. Done again after a lost answer it succeeds: the object stands. It ends where the checkpoint
    /// says; a store may refuse if more was appended after it.
    /// </summary>
    /// <exception cref="ObjectNotFoundException">There is neither such a write nor the object.</exception>
    Task Finish(string key, WriteCheckpoint at, CancellationToken cancellationToken);

    /// <summary>Drops an unfinished write; one that is not there counts as dropped.</summary>
    Task Abandon(string key, WriteCheckpoint at, CancellationToken cancellationToken);

    /// <summary>The keys of writes that are begun and neither finished nor abandoned, in no particular order.</summary>
    IAsyncEnumerable<StoredObject> ListUnfinished(CancellationToken cancellationToken);

    /// <summary>
    /// An address from which anybody may read the object for a while, straight from the store; null where the store has none
    /// and its owner must be asked instead.
    /// </summary>
    /// <param name="key">The object.</param>
    /// <param name="lifetime">How long the address works.</param>
    /// <param name="contentType">What the answer says the content is.</param>
    /// <param name="contentDisposition">What the answer says is to be done with it.</param>
    Uri? SignedAddress(string key, TimeSpan lifetime, string contentType, string contentDisposition);

    /// <summary>Writes, reads and deletes a small object, and throws if any of that fails.</summary>
    Task CheckHealth(CancellationToken cancellationToken);
}

/// <summary>An object as the store lists it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Length">In bytes.</param>
/// <param name="WrittenAt">When it became visible, by the store's clock.</param>
public sealed record StoredObject(string Key, long Length, DateTimeOffset WrittenAt);

/// <summary>What a finished write says of its object.</summary>
/// <param name="Length">In bytes.</param>
/// <param name="Sha256">The SHA-256 of its content, 32 bytes.</param>
public sealed record WrittenObject(long Length, byte[] Sha256);

/// <summary>There is no object at the key that was asked for.</summary>
public sealed class ObjectNotFoundException(string key) : Exception($"There is no object '{key}'.")
{
    /// <summary>The key that was asked for.</summary>
    public string Key { get; } = key;
}

/// <summary>The store cannot be reached or is not well, whatever it is asked; it was asked several times.</summary>
public sealed class ObjectStoreUnavailableException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>The store has no room for the object.</summary>
public sealed class ObjectStoreFullException(Exception? inner = null) : IOException("The object store is full.", inner);
