namespace AX2Caption.Storage.S3;

/// <summary>
/// A resumable write in equal parts of which only the last, unsent one lies here. What is shorter than a part when the write is
/// suspended waits beside the objects, under a name that tells at which length, so that an older checkpoint stays good until a newer one is used.
/// </summary>
internal sealed class S3ResumableWrite : IResumableWrite
{
    private readonly S3Bucket bucket;
    private readonly string key;
    private readonly WriteCheckpoint from;
    private readonly SpoolFile spool;
    private S3WriteState state;
    private long sent;

    private S3ResumableWrite(S3Bucket bucket, string key, WriteCheckpoint from, S3WriteState state, SpoolFile spool)
    {
        this.bucket = bucket;
        this.key = key;
        this.from = from;
        this.state = state;
        this.spool = spool;
        sent = from.Length - (from.Length % state.PartBytes);
    }

    public long Length => sent + spool.Length;

    private string Name => bucket.Names.Object(key);

    /// <exception cref="ObjectNotFoundException">There is no such write, or no more.</exception>
    public static async Task<S3ResumableWrite> Open(
        S3Bucket bucket, string key, WriteCheckpoint from, long expectedLength, S3Options options, TimeProvider time, CancellationToken cancellationToken)
    {
        var state = from.Length == 0
            ? S3WriteState.Read(from) ?? new S3WriteState(PartSizes.For(expectedLength, options.PartBytes), UploadId: null)
            : S3WriteState.Read(from) ?? throw new ObjectNotFoundException(key);
        var spool = new SpoolFile(options.SpoolFolder);
        try
        {
            if (from.Length == 0)
                await bucket.Put(bucket.Names.Partial(key, 0), Stream.Null, cancellationToken);
            else
                await ForgetOlderTails(bucket, key, from.Length, cancellationToken);

            if (from.Length % state.PartBytes > 0)
                await Fetch(bucket, bucket.Names.Partial(key, from.Length), spool, options, time, cancellationToken);
            if (spool.Length != from.Length % state.PartBytes)
                throw new IOException($"The remains of the unfinished write of '{key}' have {spool.Length} bytes; its checkpoint says {from.Length % state.PartBytes}.");
            return new S3ResumableWrite(bucket, key, from, state, spool);
        }
        catch
        {
            await spool.DisposeAsync();
            throw;
        }
    }

    public async ValueTask Append(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            // A part whose sending failed is sent again first.
            if (spool.Length == state.PartBytes)
                await SendPart(cancellationToken);
            var fits = (int)Math.Min(bytes.Length, state.PartBytes - spool.Length);
            await spool.Append(bytes[..fits], cancellationToken);
            bytes = bytes[fits..];
        }
    }

    public async Task<WriteCheckpoint> Checkpoint(CancellationToken cancellationToken)
    {
        if (spool.Length == state.PartBytes)
            await SendPart(cancellationToken);
        return sent > from.Length ? state.At(sent) : state.At(from.Length);
    }

    public async Task<WriteCheckpoint> Suspend(CancellationToken cancellationToken)
    {
        var reached = await Checkpoint(cancellationToken);
        if (Length == reached.Length)
            return reached;
        await bucket.Put(bucket.Names.Partial(key, Length), spool.Content(), cancellationToken);
        return state.At(Length);
    }

    public ValueTask DisposeAsync() => spool.DisposeAsync();

    private async Task SendPart(CancellationToken cancellationToken)
    {
        var upload = state.UploadId;
        if (upload is null)
        {
            upload = await bucket.BeginParts(Name, cancellationToken);
            state = state with { UploadId = upload };
        }

        await bucket.SendPart(Name, upload, (int)(sent / state.PartBytes) + 1, spool.Content(), cancellationToken);
        sent += spool.Length;
        spool.Clear();
    }

    /// <summary>Whoever goes on at a checkpoint has kept it: the ones before it are of no use any more.</summary>
    private static async Task ForgetOlderTails(S3Bucket bucket, string key, long length, CancellationToken cancellationToken)
    {
        var begun = false;
        await foreach (var (name, _) in bucket.List(bucket.Names.PartialsOf(key), cancellationToken))
        {
            begun = true;
            if (bucket.Names.ReadPartial(name) is var (_, older) && older > 0 && older < length)
                await bucket.Delete(name, cancellationToken);
        }

        if (!begun)
            throw new ObjectNotFoundException(key);
    }

    private static async Task Fetch(S3Bucket bucket, string name, SpoolFile spool, S3Options options, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var tail = await S3ReadStream.Open(bucket, name, 0, null, options, time, cancellationToken);
        var buffer = new byte[64 * 1024];
        for (int read; (read = await tail.ReadAsync(buffer, cancellationToken)) > 0;)
            await spool.Append(buffer.AsMemory(0, read), cancellationToken);
    }
}
