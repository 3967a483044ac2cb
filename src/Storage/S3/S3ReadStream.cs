using Amazon.S3.Model;

namespace AX2Caption.Storage.S3;

/// <summary>
/// The content of an object. Where the connection breaks or stalls, the reading is taken up again behind what was read,
/// provided that the object is still the same; only breaks without a byte between them count towards the end of patience.
/// </summary>
internal sealed class S3ReadStream : Stream
{
    private readonly S3Bucket bucket;
    private readonly string name;
    private readonly string etag;
    private readonly long end;
    private readonly TimeSpan patience;
    private readonly TimeProvider time;
    private readonly int retries;
    private GetObjectResponse? response;
    private long position;
    private int retriesLeft;

    private S3ReadStream(S3Bucket bucket, string name, GetObjectResponse response, long offset, S3Options options, TimeProvider time)
    {
        this.bucket = bucket;
        this.name = name;
        this.response = response;
        this.time = time;
        etag = response.ETag;
        position = offset;
        end = offset + response.ContentLength;
        patience = options.ReadTimeout;
        retries = retriesLeft = options.MaxRetries;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="ObjectNotFoundException">There is no such object.</exception>
    public static async Task<Stream> Open(
        S3Bucket bucket, string name, long offset, long? length, S3Options options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (length == 0)
        {
            _ = await bucket.Find(name, cancellationToken) ?? throw new ObjectNotFoundException(bucket.Names.KeyOf(name));
            return Null;
        }

        // From the beginning to the end is no range: of an empty object there is none.
        var range = (offset, length) switch
        {
            (0, null) => null,
            (_, null) => new ByteRange($"bytes={offset}-"),
            (_, { } bound) => new ByteRange(offset, bound > long.MaxValue - offset ? long.MaxValue : offset + bound - 1),
        };
        var response = await bucket.Open(name, range, etag: null, cancellationToken);
        return response is null ? Null : new S3ReadStream(bucket, name, response, offset, options, time);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || position == end)
            return 0;
        while (true)
        {
            try
            {
                var read = await ReadOnce(buffer, cancellationToken);
                if (read == 0)
                    throw new EndOfStreamException($"The object store broke off after {position} of {end} bytes of '{name}'.");
                position += read;
                retriesLeft = retries;
                return read;
            }
            catch (Exception exception) when (MayPass(exception, cancellationToken) && retriesLeft-- > 0)
            {
                response?.Dispose();
                response = null;
            }
            catch (Exception exception) when (S3Faults.IsFault(exception, cancellationToken))
            {
                throw S3Faults.Translate(exception, bucket.Names.KeyOf(name));
            }
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The network is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            response?.Dispose();
        base.Dispose(disposing);
    }

    private static bool MayPass(Exception exception, CancellationToken cancellationToken) =>
        exception is IOException or HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested;

    private async Task<int> ReadOnce(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        response ??= await bucket.Open(name, new ByteRange(position, end - 1), etag, cancellationToken)
            ?? throw new IOException($"The object '{name}' became shorter while it was read.");
        using var stalled = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stalled.Token, cancellationToken);
        return await response.ResponseStream.ReadAsync(buffer, either.Token);
    }
}
