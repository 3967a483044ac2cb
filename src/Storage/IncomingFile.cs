using System.Buffers;
using System.Security.Cryptography;

namespace AX2Caption.Storage;

/// <summary>
/// A file being written beside the objects, invisible until it is renamed among them. While it is written it is locked,
/// which tells a write in progress from one that a crash cut off.
/// </summary>
internal sealed class IncomingFile : IAsyncDisposable
{
    private const int BufferLength = 128 * 1024;
    private const long RoomCheckedEvery = 8 * 1024 * 1024;

    private readonly FileStream _file;
    private readonly Action _ensureRoom;

    /// <param name="path">Where to write; must not exist.</param>
    /// <param name="ensureRoom">Throws if the disk is too full to go on.</param>
    public IncomingFile(string path, Action ensureRoom)
    {
        Path = path;
        _ensureRoom = ensureRoom;
        _file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
            UnixCreateMode = ReadOnly,
        });
    }

    /// <summary>Objects never change: the mode keeps whoever holds a hard link to one from changing it by accident.</summary>
    public static UnixFileMode ReadOnly => UnixFileMode.UserRead | UnixFileMode.GroupRead;

    public string Path { get; }

    public async Task<WrittenObject> Write(Stream content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        var flushing = Task.CompletedTask;
        try
        {
            _ensureRoom();
            long length = 0, checkRoomAt = RoomCheckedEvery;
            for (int read; (read = await content.ReadAtLeastAsync(buffer, BufferLength, throwOnEndOfStream: false, cancellationToken)) > 0; length += read)
            {
                if (length >= checkRoomAt)
                {
                    _ensureRoom();
                    checkRoomAt += RoomCheckedEvery;
                    // The disk works while more arrives, so that there is little left to wait for at the end.
                    if (flushing.IsCompleted)
                    {
                        await flushing;
                        flushing = Task.Run(() => RandomAccess.FlushToDisk(_file.SafeFileHandle), CancellationToken.None);
                    }
                }

                hash.AppendData(buffer, 0, read);
                await _file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            await flushing;
            return new WrittenObject(length, hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            await flushing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Makes the content survive a power failure, dates it, and closes the file so that it can be renamed.</summary>
    public async Task Seal(DateTimeOffset writtenAt)
    {
        File.SetLastWriteTimeUtc(_file.SafeFileHandle, writtenAt.UtcDateTime);
        _file.Flush(flushToDisk: true);
        await _file.DisposeAsync();
    }

    /// <summary>Removes the file, unless it was renamed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        File.Delete(Path);
    }
}
