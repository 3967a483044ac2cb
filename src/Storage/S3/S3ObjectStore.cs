using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace AX2Caption.Storage.S3;

/// <summary>Objects in a bucket. The server shows a write whole or not at all, in one request or in parts that a last one joins.</summary>
internal sealed class S3ObjectStore(S3Bucket bucket, S3Options options, TimeProvider time) : IObjectStore, IAbandonedWrites, IDisposable
{
    private const int BufferLength = 128 * 1024;

    /// <summary>How long a signature of the protocol's version 4 may hold.</summary>
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(7);

    /// <summary>The same bucket, for clients.</summary>
    public IDirectUploads DirectUploads { get; } = new S3DirectUploads(bucket, options);

    public TimeSpan AbandonedAfter => options.AbandonedUploadAge;

    public TimeSpan LookEvery => TimeSpan.FromHours(1);

    private S3Names Names => bucket.Names;

    public async Task<WrittenObject> Put(string key, Stream content, CancellationToken cancellationToken)
    {
        var name = Names.Object(key);
        var known = content.CanSeek ? content.Length - content.Position : (long?)null;
        long PartBytes(int number) => known is { } length ? PartSizes.For(length, options.PartBytes) : PartSizes.OfEndless(number, options.PartBytes);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var spool = new SpoolFile(options.SpoolFolder);
        var more = await Fill(spool, content, PartBytes(1), hash, cancellationToken);
        var written = spool.Length;
        if (!more)
        {
            await bucket.Put(name, spool.Content(), cancellationToken);
            return new WrittenObject(written, hash.GetHashAndReset());
        }

        await bucket.InParts(name, () => written, async upload =>
        {
            var parts = new List<PartETag> { await bucket.SendPart(name, upload, 1, spool.Content(), cancellationToken) };
            while (more)
            {
                spool.Clear();
                more = await Fill(spool, content, PartBytes(parts.Count + 1), hash, cancellationToken);
                if (spool.Length > 0)
                    parts.Add(await bucket.SendPart(name, upload, parts.Count + 1, spool.Content(), cancellationToken));
                written += spool.Length;
            }

            return parts;
        }, cancellationToken);
        return new WrittenObject(written, hash.GetHashAndReset());
    }

    public async Task<StoredObject?> Stat(string key, CancellationToken cancellationToken) =>
        await bucket.Find(Names.Object(key), cancellationToken) is { } found ? new StoredObject(key, found.Length, found.WrittenAt) : null;

    public Task<Stream> OpenRead(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        return S3ReadStream.Open(bucket, Names.Object(key), offset, length, options, time, cancellationToken);
    }

    public async Task Download(string key, string path, CancellationToken cancellationToken)
    {
        await using var content = await OpenRead(key, 0, null, cancellationToken);
        await using var copy = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
            UnixCreateMode = IncomingFile.ReadOnly,
        });
        try
        {
            await content.CopyToAsync(copy, BufferLength, cancellationToken);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    public async Task Move(string sourceKey, string targetKey, CancellationToken cancellationToken)
    {
        var (source, target) = (Names.Object(sourceKey), Names.Object(targetKey));
        if (source == target)
        {
            await Require(source, sourceKey, cancellationToken);
            return;
        }

        try
        {
            await bucket.Copy(source, target, cancellationToken);
        }
        catch (ObjectNotFoundException)
        {
            // Moved before, unless the target is missing too.
            await Require(target, sourceKey, cancellationToken);
            return;
        }

        await bucket.Delete(source, cancellationToken);
    }

    public Task Copy(string sourceKey, string targetKey, CancellationToken cancellationToken)
    {
        var (source, target) = (Names.Object(sourceKey), Names.Object(targetKey));
        return source == target ? Require(source, sourceKey, cancellationToken) : bucket.Copy(source, target, cancellationToken);
    }

    public Task Delete(string key, CancellationToken cancellationToken) => bucket.Delete(Names.Object(key), cancellationToken);

    public IAsyncEnumerable<StoredObject> List(string prefix, CancellationToken cancellationToken) =>
        List(prefix, Names.ObjectsBelow(prefix), cancellationToken);

    public async Task<IResumableWrite> Resume(string key, WriteCheckpoint from, long expectedLength, CancellationToken cancellationToken)
    {
        _ = Names.Object(key);
        return await S3ResumableWrite.Open(bucket, key, from, expectedLength, options, time, cancellationToken);
    }

    public async Task Finish(string key, WriteCheckpoint at, CancellationToken cancellationToken)
    {
        var name = Names.Object(key);
        var state = S3WriteState.Read(at);
        try
        {
            if (state?.UploadId is { } upload)
                await Join(key, name, at.Length, upload, state.PartBytes, cancellationToken);
            else
                await bucket.Copy(Names.Partial(key, at.Length), name, cancellationToken);
        }
        catch (ObjectNotFoundException)
        {
            // Finished before, unless the object is missing too, or is another one.
            if ((await bucket.Find(name, cancellationToken))?.Length != at.Length)
                throw new ObjectNotFoundException(key);
        }

        await Forget(key, name, cancellationToken);
    }

    public Task Abandon(string key, WriteCheckpoint at, CancellationToken cancellationToken) => Forget(key, Names.Object(key), cancellationToken);

    public async IAsyncEnumerable<StoredObject> ListUnfinished([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var unfinished = new Dictionary<string, StoredObject>();
        await foreach (var (name, head) in bucket.List(Names.Partials, cancellationToken))
        {
            if (Names.ReadPartial(name) is var (key, length) && (!unfinished.TryGetValue(key, out var known) || known.Length <= length))
                unfinished[key] = new StoredObject(key, length, head.WrittenAt);
        }

        foreach (var write in unfinished.Values)
            yield return write;
    }

    public Uri? SignedAddress(string key, TimeSpan lifetime, string contentType, string contentDisposition)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lifetime, LongestLifetime);
        return bucket.Sign(Names.Object(key), HttpVerb.GET, lifetime, request =>
        {
            request.ResponseHeaderOverrides.ContentType = contentType;
            request.ResponseHeaderOverrides.ContentDisposition = contentDisposition;
        });
    }

    public async Task CheckHealth(CancellationToken cancellationToken)
    {
        var expected = RandomNumberGenerator.GetBytes(64);
        var name = Names.Health();
        await bucket.Put(name, new MemoryStream(expected), cancellationToken);
        var actual = new MemoryStream();
        await using (var content = await S3ReadStream.Open(bucket, name, 0, null, options, time, cancellationToken))
            await content.CopyToAsync(actual, cancellationToken);
        await bucket.Delete(name, cancellationToken);
        if (!actual.ToArray().AsSpan().SequenceEqual(expected))
            throw new IOException("The object store answered with other bytes than were written.");
    }

    /// <summary>Drops writes in parts and what lies beside the objects, once they are older than any upload lives.</summary>
    public async Task<int> RemoveAbandonedWrites(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - AbandonedAfter;
        var removed = 0;
        await foreach (var upload in bucket.ListUploads(Names.ObjectsBelow(""), cancellationToken))
        {
            if (upload.Initiated is not { } begun || new DateTimeOffset(begun.ToUniversalTime()) >= before)
                continue;
            await bucket.AbortParts(upload.Key, upload.UploadId, cancellationToken);
            removed++;
        }

        await foreach (var (name, head) in bucket.List(Names.Partials, cancellationToken))
        {
            if (head.WrittenAt >= before)
                continue;
            await bucket.Delete(name, cancellationToken);
            removed++;
        }

        return removed;
    }

    public void Dispose() => bucket.Dispose();

    private async IAsyncEnumerable<StoredObject> List(
        string prefix, string namePrefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (name, head) in bucket.List(namePrefix, cancellationToken))
            yield return new StoredObject(string.Concat(prefix, name.AsSpan(namePrefix.Length)), head.Length, head.WrittenAt);
    }

    private async Task Require(string name, string missingKey, CancellationToken cancellationToken)
    {
        if (await bucket.Find(name, cancellationToken) is null)
            throw new ObjectNotFoundException(missingKey);
    }

    /// <summary>Reads until a part is full.</summary>
    /// <returns>Whether there may be more.</returns>
    private static async Task<bool> Fill(SpoolFile spool, Stream content, long partBytes, IncrementalHash hash, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferLength];
        while (spool.Length < partBytes)
        {
            var read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, partBytes - spool.Length)), cancellationToken);
            if (read == 0)
                return false;
            hash.AppendData(buffer, 0, read);
            await spool.Append(buffer.AsMemory(0, read), cancellationToken);
        }

        return true;
    }

    /// <summary>Joins the parts that the checkpoint covers; what was sent beyond it is dropped by the server.</summary>
    private async Task Join(string key, string name, long length, string upload, long partBytes, CancellationToken cancellationToken)
    {
        var whole = length / partBytes;
        var parts = new List<PartETag>();
        await foreach (var part in bucket.ListParts(name, upload, cancellationToken))
        {
            if (parts.Count == whole)
                break;
            if (part.PartNumber != parts.Count + 1 || part.Size != partBytes)
                break;
            parts.Add(new PartETag(part.PartNumber.Value, part.ETag));
        }

        if (parts.Count < whole)
            throw new IOException($"The unfinished write of '{key}' has {parts.Count} parts; its checkpoint says {whole}.");
        if (length % partBytes > 0)
            parts.Add(await bucket.CopyPart(Names.Partial(key, length), name, upload, parts.Count + 1, range: null, etag: null, cancellationToken));
        if (!await bucket.TryCompleteParts(name, upload, parts, cancellationToken))
            throw new ObjectNotFoundException(key);
    }

    /// <summary>Drops all that a resumable write left beside the object; the mark that it has begun last, so that a crash does not hide the rest.</summary>
    private async Task Forget(string key, string name, CancellationToken cancellationToken)
    {
        await foreach (var upload in bucket.ListUploads(name, cancellationToken))
        {
            if (upload.Key == name)
                await bucket.AbortParts(name, upload.UploadId, cancellationToken);
        }

        var remains = await bucket.List(Names.PartialsOf(key), cancellationToken).Select(found => found.Name).ToListAsync(cancellationToken);
        foreach (var remain in remains.OrderByDescending(found => Names.ReadPartial(found)?.Length))
            await bucket.Delete(remain, cancellationToken);
    }
}
