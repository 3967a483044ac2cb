namespace AX2Caption.Storage.Tests.Copying;

/// <summary>A store that passes everything on.</summary>
internal abstract class PassingStore(IObjectStore inner) : IObjectStore
{
    public Task<WrittenObject> Put(string key, Stream content, CancellationToken cancellationToken) => inner.Put(key, content, cancellationToken);

    public virtual Task<StoredObject?> Stat(string key, CancellationToken cancellationToken) => inner.Stat(key, cancellationToken);

    public virtual Task<Stream> OpenRead(string key, long offset, long? length, CancellationToken cancellationToken) =>
        inner.OpenRead(key, offset, length, cancellationToken);

    public Task Download(string key, string path, CancellationToken cancellationToken) => inner.Download(key, path, cancellationToken);

    public Task Move(string sourceKey, string targetKey, CancellationToken cancellationToken) => inner.Move(sourceKey, targetKey, cancellationToken);

    public Task Copy(string sourceKey, string targetKey, CancellationToken cancellationToken) => inner.Copy(sourceKey, targetKey, cancellationToken);

    public Task Delete(string key, CancellationToken cancellationToken) => inner.Delete(key, cancellationToken);

    public IAsyncEnumerable<StoredObject> List(string prefix, CancellationToken cancellationToken) => inner.List(prefix, cancellationToken);

    public Task<IResumableWrite> Resume(string key, WriteCheckpoint from, long expectedLength, CancellationToken cancellationToken) =>
        inner.Resume(key, from, expectedLength, cancellationToken);

    public Task Finish(string key, WriteCheckpoint at, CancellationToken cancellationToken) => inner.Finish(key, at, cancellationToken);

    public Task Abandon(string key, WriteCheckpoint at, CancellationToken cancellationToken) => inner.Abandon(key, at, cancellationToken);

    public IAsyncEnumerable<StoredObject> ListUnfinished(CancellationToken cancellationToken) => inner.ListUnfinished(cancellationToken);

    public Uri? SignedAddress(string key, TimeSpan lifetime, string contentType, string contentDisposition) =>
        inner.SignedAddress(key, lifetime, contentType, contentDisposition);

    public Task CheckHealth(CancellationToken cancellationToken) => inner.CheckHealth(cancellationToken);
}

/// <summary>Gives other bytes back than it was given.</summary>
internal sealed class FlippingStore(IObjectStore inner) : PassingStore(inner)
{
    public override Task<Stream> OpenRead(string key, long offset, long? length, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(new MemoryStream("flipped"u8.ToArray()));
}

/// <summary>Lists an object that it does not have any more.</summary>
internal sealed class ForgettingStore(IObjectStore inner, string forgotten) : PassingStore(inner)
{
    public override Task<Stream> OpenRead(string key, long offset, long? length, CancellationToken cancellationToken) => key == forgotten
        ? throw new ObjectNotFoundException(key)
        : base.OpenRead(key, offset, length, cancellationToken);

    public override Task<StoredObject?> Stat(string key, CancellationToken cancellationToken) => key == forgotten
        ? Task.FromResult<StoredObject?>(null)
        : base.Stat(key, cancellationToken);
}
