namespace AX2Caption.Benchmarks.Uploads;

/// <summary>The first bytes of a file, as a stream that knows its length.</summary>
internal sealed class LeadingBytes(string path, long length) : Stream
{
    private readonly FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => file.Position;
        set => file.Position = value;
    }

    public override int Read(byte[] buffer, int offset, int count) => file.Read(buffer, offset, (int)Math.Min(count, length - file.Position));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        file.ReadAsync(buffer[..(int)Math.Min(buffer.Length, length - file.Position)], cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }
}
