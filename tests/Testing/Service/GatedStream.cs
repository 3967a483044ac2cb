namespace AX2Caption.Testing.Service;

/// <summary>Gives bytes up to a place, and the rest when the gate opens.</summary>
public sealed class GatedStream(byte[] bytes, int place, Task gate) : Stream
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int position;

    /// <summary>Ends when all before the place is given.</summary>
    public Task Reached => reached.Task;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (position == place)
        {
            reached.TrySetResult();
            await gate.WaitAsync(cancellationToken);
        }

        var end = position < place ? place : bytes.Length;
        var count = Math.Min(end - position, buffer.Length);
        bytes.AsSpan(position, count).CopyTo(buffer.Span);
        position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => position;
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
