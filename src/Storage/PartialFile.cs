using Microsoft.Win32.SafeHandles;

namespace AX2Caption.Storage;

/// <summary>
/// A resumable write to a file. The lock on the file, which ends with the process, keeps a second writer out; what a crash left
/// beyond the checkpoint is cut off when the file is opened again.
/// </summary>
internal sealed class PartialFile : IResumableWrite, IDisposable
{
    private const long RoomCheckedEvery = 8 * 1024 * 1024;

    private readonly FileStream file;
    private readonly Action ensureRoom;
    private readonly Action keepName;
    private bool nameIsKept;
    private bool isBroken;
    private long checkRoomAt;

    private PartialFile(FileStream file, long length, Action ensureRoom, Action keepName)
    {
        this.file = file;
        this.ensureRoom = ensureRoom;
        this.keepName = keepName;
        // There is no checkpoint beyond the beginning of a file whose name could be lost.
        nameIsKept = length > 0;
        Length = length;
        checkRoomAt = length;
    }

    /// <summary>What a file may be while it is written.</summary>
    public static UnixFileMode Writable => UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    public long Length { get; private set; }

    private SafeFileHandle Handle => file.SafeFileHandle;

    /// <param name="path">The file.</param>
    /// <param name="key">The object that it will be.</param>
    /// <param name="from">The last checkpoint.</param>
    /// <param name="ensureRoom">Throws if the disk is too full to go on.</param>
    /// <param name="keepName">Makes the file's name survive a power failure.</param>
    /// <exception cref="WriteInProgressException">The file is locked.</exception>
    public static PartialFile Open(string path, string key, WriteCheckpoint from, Action ensureRoom, Action keepName)
    {
        var file = Lock(path, key, from.Length == 0 ? FileMode.OpenOrCreate : FileMode.Open);
        try
        {
            if (file.Length < from.Length)
                throw new IOException($"The unfinished write of '{key}' has {file.Length} bytes; its checkpoint says {from.Length}.");
            file.SetLength(from.Length);
            return new PartialFile(file, from.Length, ensureRoom, keepName);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public async ValueTask Append(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (Length >= checkRoomAt)
        {
            ensureRoom();
            checkRoomAt = Length + RoomCheckedEvery;
        }

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

    public async Task<WriteCheckpoint> Checkpoint(CancellationToken cancellationToken)
    {
        var length = Length;
        // The disk's time, on a thread of the pool; nothing is appended meanwhile, since a write has one owner.
        await Task.Run(Flush, cancellationToken);
        return new WriteCheckpoint(length, State: null);
    }

    public Task<WriteCheckpoint> Suspend(CancellationToken cancellationToken) => Checkpoint(cancellationToken);

    /// <summary>Dates the file and takes the right to change it away, before it becomes an object.</summary>
    public void Seal(DateTimeOffset writtenAt)
    {
        File.SetUnixFileMode(Handle, IncomingFile.ReadOnly);
        File.SetLastWriteTimeUtc(Handle, writtenAt.UtcDateTime);
        RandomAccess.FlushToDisk(Handle);
    }

    public void Dispose() => file.Dispose();

    public ValueTask DisposeAsync() => file.DisposeAsync();

    private void Flush()
    {
        // The system tells once that it lost bytes, and then takes them for written.
        if (isBroken)
            throw new IOException("An earlier flush of this write failed: what it covered may be lost.");
        isBroken = true;
        try
        {
            RandomAccess.FlushToDisk(Handle);
        }
        catch (IOException exception) when (FullDisk.Caused(exception))
        {
            throw new ObjectStoreFullException(exception);
        }

        isBroken = false;
        if (nameIsKept)
            return;
        keepName();
        nameIsKept = true;
    }

    private static FileStream Lock(string path, string key, FileMode mode)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                Mode = mode,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 0,
                Options = FileOptions.Asynchronous,
                UnixCreateMode = mode == FileMode.OpenOrCreate ? Writable : null,
            });
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ObjectNotFoundException(key);
        }
        catch (IOException exception) when (Posix.IsLocked(exception))
        {
            throw new WriteInProgressException(key);
        }
    }
}
