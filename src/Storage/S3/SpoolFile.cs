using Microsoft.Win32.SafeHandles;

namespace AX2Caption.Storage.S3;

/// <summary>
/// The part of a write that waits to be sent. A file, so that memory stays flat and a request can be tried again; without a name, so that
/// a crash leaves nothing.
/// </summary>
internal sealed class SpoolFile : IAsyncDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream file;

    public SpoolFile(string folder)
    {
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        file = new FileStream(Path.Join(folder, $"ax2-part-{Guid.CreateVersion7():N}"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
            UnixCreateMode = OwnerOnly,
        });
        File.Delete(file.Name);
    }

    public long Length { get; private set; }

    private SafeFileHandle Handle => file.SafeFileHandle;

    /// <exception cref="ObjectStoreFullException">The disk of the spool folder is full.</exception>
    public async ValueTask Append(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await RandomAccess.WriteAsync(Handle, bytes, Length, cancellationToken);
        }
        catch (IOException exception) when (FullDisk.Caused(exception))
        {
            throw new ObjectStoreFullException(exception);
        }

        Length += bytes.Length;
    }

    /// <summary>The content, from its beginning. The reader may close it as it likes.</summary>
    public Stream Content() => new FileContent(Handle, Length);

    public void Clear()
    {
        RandomAccess.SetLength(Handle, 0);
        Length = 0;
    }

    public ValueTask DisposeAsync() => file.DisposeAsync();

    /// <summary>Reads a file that somebody else owns.</summary>
    private sealed class FileContent(SafeFileHandle handle, long length) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get; set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await RandomAccess.ReadAsync(handle, buffer, Position, cancellationToken);
            Position += read;
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(Span<byte> buffer)
        {
            var read = RandomAccess.Read(handle, buffer, Position);
            Position += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => Position,
            SeekOrigin.End => length,
            _ => throw new ArgumentOutOfRangeException(nameof(origin)),
        };

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
