using System.Security.Cryptography;

namespace AX2Caption.Storage.Copying;

/// <summary>
/// Copies every object of one store to another and reads each back. What stands there with the same content is left alone, so that a copy
/// that was broken off goes on. Nothing is deleted on either side.
/// </summary>
public sealed class StoreCopy(IObjectStore from, IObjectStore to)
{
    /// <summary>Objects that are copied at once.</summary>
    private const int AtOnce = 4;

    private long copied;
    private long copiedBytes;
    private long alreadyThere;
    private long gone;
    private long failed;

    /// <summary>Copies what the first store lists while this runs.</summary>
    /// <param name="noted">Told of each object as it is done; one at a time.</param>
    /// <param name="cancellationToken">Stops; what is done stays done.</param>
    /// <exception cref="IOException">The objects could not be listed.</exception>
    public async Task<CopyTotals> Run(Func<CopiedObject, CopyTotals, Task> noted, CancellationToken cancellationToken)
    {
        using var telling = new SemaphoreSlim(1);
        await Parallel.ForEachAsync(
            from.List("", cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (stored, token) =>
            {
                var done = await CopyOne(stored, token);
                await telling.WaitAsync(token);
                try
                {
                    Count(done);
                    await noted(done, Totals);
                }
                finally
                {
                    telling.Release();
                }
            });
        return Totals;
    }

    private CopyTotals Totals => new(copied, copiedBytes, alreadyThere, gone, failed);

    private void Count(CopiedObject done)
    {
        switch (done.Outcome)
        {
            case CopyOutcome.Copied:
                copied++;
                copiedBytes += done.Length;
                break;
            case CopyOutcome.AlreadyThere:
                alreadyThere++;
                break;
            case CopyOutcome.Gone:
                gone++;
                break;
            case CopyOutcome.Failed:
                failed++;
                break;
        }
    }

    private async Task<CopiedObject> CopyOne(StoredObject stored, CancellationToken cancellationToken)
    {
        try
        {
            if (await IsThere(stored, cancellationToken))
                return new CopiedObject(stored.Key, stored.Length, CopyOutcome.AlreadyThere, Fault: null);

            WrittenObject written;
            await using (var content = await from.OpenRead(stored.Key, 0, null, cancellationToken))
                written = await to.Put(stored.Key, content, cancellationToken);
            var readBack = await Hash(to, stored.Key, cancellationToken);
            return readBack.AsSpan().SequenceEqual(written.Sha256)
                ? new CopiedObject(stored.Key, written.Length, CopyOutcome.Copied, Fault: null)
                : new CopiedObject(stored.Key, written.Length, CopyOutcome.Failed, "The copy reads otherwise than it was written.");
        }
        catch (ObjectNotFoundException fault)
        {
            return await Missing(stored, fault, cancellationToken);
        }
        catch (IOException fault)
        {
            return new CopiedObject(stored.Key, stored.Length, CopyOutcome.Failed, fault.Message);
        }
    }

    /// <summary>An object is missing: deleted since it was listed, by a service that goes on, or lost by the target.</summary>
    private async Task<CopiedObject> Missing(StoredObject stored, ObjectNotFoundException fault, CancellationToken cancellationToken)
    {
        try
        {
            if (await from.Stat(stored.Key, cancellationToken) is not null)
                return new CopiedObject(stored.Key, stored.Length, CopyOutcome.Failed, fault.Message);
            // What an earlier run copied of it must not stay either.
            await to.Delete(stored.Key, cancellationToken);
            return new CopiedObject(stored.Key, stored.Length, CopyOutcome.Gone, Fault: null);
        }
        catch (IOException outOfReach)
        {
            return new CopiedObject(stored.Key, stored.Length, CopyOutcome.Failed, outOfReach.Message);
        }
    }

    /// <summary>Whether an earlier run copied it: the same length, and the same SHA-256 on both sides.</summary>
    private async Task<bool> IsThere(StoredObject stored, CancellationToken cancellationToken)
    {
        if ((await to.Stat(stored.Key, cancellationToken))?.Length != stored.Length)
            return false;
        var there = await Hash(to, stored.Key, cancellationToken);
        var here = await Hash(from, stored.Key, cancellationToken);
        return there.AsSpan().SequenceEqual(here);
    }

    private static async Task<byte[]> Hash(IObjectStore store, string key, CancellationToken cancellationToken)
    {
        await using var content = await store.OpenRead(key, 0, null, cancellationToken);
        return await SHA256.HashDataAsync(content, cancellationToken);
    }
}

/// <summary>What became of one object.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Outcome">What was done.</param>
/// <param name="Fault">Why it failed, if it did.</param>
public sealed record CopiedObject(string Key, long Length, CopyOutcome Outcome, string? Fault);

/// <summary>What became of an object that was to be copied.</summary>
public enum CopyOutcome
{
    /// <summary>It was written and read back.</summary>
    Copied,

    /// <summary>It stood there with the same content.</summary>
    AlreadyThere,

    /// <summary>It was deleted after it was listed.</summary>
    Gone,

    /// <summary>It could not be copied, or reads otherwise than it was written.</summary>
    Failed,
}

/// <summary>How many objects came to what.</summary>
/// <param name="Copied">Written and read back.</param>
/// <param name="CopiedBytes">How many bytes these have.</param>
/// <param name="AlreadyThere">Found there with the same content.</param>
/// <param name="Gone">Deleted meanwhile.</param>
/// <param name="Failed">Not copied.</param>
public sealed record CopyTotals(long Copied, long CopiedBytes, long AlreadyThere, long Gone, long Failed)
{
    /// <summary>All that were looked at.</summary>
    public long Objects => Copied + AlreadyThere + Gone + Failed;
}
