namespace AX2Caption.Storage.Tests;

/// <summary>A forward-only source of bytes, as a network connection is.</summary>
internal abstract class SourceStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>Gives zeros, then breaks.</summary>
internal sealed class BrokenStream(long length, Exception failure, Action? onBreak = null) : SourceStream
{
    private long _remaining = length;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_remaining == 0)
        {
            onBreak?.Invoke();
            throw failure;
        }

        var count = (int)Math.Min(buffer.Length, _remaining);
        buffer.Span[..count].Clear();
        _remaining -= count;
        return ValueTask.FromResult(count);
    }
}

/// <summary>Gives its content, tells that it was taken, and ends only when it is released.</summary>
internal sealed class PausedStream(byte[] content, TaskCompletionSource reached, Task released) : SourceStream
{
    private bool _given;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_given)
        {
            _given = true;
            content.CopyTo(buffer);
            return content.Length;
        }

        reached.TrySetResult();
        await released.WaitAsync(cancellationToken);
        return 0;
    }
}

/// <summary>Gives its content, and does not tell how long it is.</summary>
internal sealed class ForwardStream(byte[] content) : SourceStream
{
    private readonly MemoryStream _content = new(content);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _content.ReadAsync(buffer, cancellationToken);
}
