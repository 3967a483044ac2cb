using System.Security.Cryptography;

namespace AX2Caption.Storage;

/// <summary>
/// Objects as files below one folder: <c>objects/</c> holds what is visible, <c>incoming/</c> what is being written, <c>partial/</c>
/// what is written in several goes. All lie on one file system, so that a rename makes an object visible whole.
/// </summary>
internal sealed class LocalObjectStore : IObjectStore, IAbandonedWrites
{
    private const UnixFileMode DirectoryMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute |
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;

    private const int MaxPublishAttempts = 100;

    private readonly ObjectPaths _paths;
    private readonly ObjectPaths _partial;
    private readonly string _incoming;
    private readonly long _minimumFreeBytes;
    private readonly TimeSpan _abandonedUploadAge;
    private readonly TimeProvider _time;

    public LocalObjectStore(StorageOptions options, TimeProvider time)
    {
        var root = Path.GetFullPath(options.Root);
        _paths = new ObjectPaths(Path.Join(root, "objects"));
        _partial = new ObjectPaths(Path.Join(root, "partial"));
        _incoming = Path.Join(root, "incoming");
        _minimumFreeBytes = options.MinimumFreeBytes;
        AbandonedAfter = options.AbandonedWriteAge;
        _abandonedUploadAge = options.AbandonedUploadAge;
        _time = time;
    }

    public TimeSpan AbandonedAfter { get; }

    public TimeSpan LookEvery => AbandonedAfter;

    public async Task<WrittenObject> Put(string key, Stream content, CancellationToken cancellationToken)
    {
        var target = _paths.FileOf(key);
        try
        {
            await using var file = Receive();
            var written = await file.Write(content, cancellationToken);
            await file.Seal(_time.GetUtcNow());
            if (!TryPublish(file.Path, target))
                throw new IOException($"The write of '{key}' was removed while it went on.");
            return written;
        }
        catch (IOException exception) when (FullDisk.Caused(exception))
        {
            throw new ObjectStoreFullException(exception);
        }
    }

    public Task<StoredObject?> Stat(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Describe(key, _paths.FileOf(key)));
    }

    public Task<Stream> OpenRead(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        cancellationToken.ThrowIfCancellationRequested();

        var file = Open(key);
        file.Position = offset;
        return Task.FromResult<Stream>(length is { } bound ? new BoundedStream(file, bound) : file);
    }

    public async Task Download(string key, string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!Posix.TryLink(_paths.FileOf(key), path))
            await CopyOut(key, path, cancellationToken);
    }

    public Task Move(string sourceKey, string targetKey, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var source = _paths.FileOf(sourceKey);
        var target = _paths.FileOf(targetKey);

        if (TryDate(source) && TryPublish(source, target))
            RemoveEmptyDirectories(source, _paths);
        else if (!File.Exists(target))
            throw new ObjectNotFoundException(sourceKey);
        return Task.CompletedTask;
    }

    public async Task Copy(string sourceKey, string targetKey, CancellationToken cancellationToken)
    {
        var source = _paths.FileOf(sourceKey);
        var target = _paths.FileOf(targetKey);
        cancellationToken.ThrowIfCancellationRequested();
        if (!File.Exists(source))
            throw new ObjectNotFoundException(sourceKey);

        // Objects never change, so that two of the same content can be one file.
        Directory.CreateDirectory(_incoming, DirectoryMode);
        var link = Path.Join(_incoming, Guid.CreateVersion7().ToString("N"));
        if (source == target || (Posix.TryLink(source, link) && TryDate(link) && TryPublish(link, target)))
        {
            // Renaming one name of a file to another of its names does nothing, and leaves both.
            File.Delete(link);
            return;
        }

        await using var content = Open(sourceKey);
        await Put(targetKey, content, cancellationToken);
    }

    public Task<IResumableWrite> Resume(string key, WriteCheckpoint from, long expectedLength, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = _partial.FileOf(key);
        var folder = Path.GetDirectoryName(path)!;
        EnsureRoom();
        for (var attempt = 1; ; attempt++)
        {
            EnsureDirectory(folder);
            try
            {
                return Task.FromResult<IResumableWrite>(PartialFile.Open(path, key, from, EnsureRoom, keepName: () => KeepNames(folder, _partial)));
            }
            catch (ObjectNotFoundException) when (from.Length == 0 && attempt < MaxPublishAttempts)
            {
                // A neighbour's write was finished, and took the folder along as empty.
            }
        }
    }

    public Task Finish(string key, WriteCheckpoint at, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var partial = _partial.FileOf(key);
        var target = _paths.FileOf(key);
        var file = new FileInfo(partial);
        if (file.Exists && file.Length < at.Length)
            throw new IOException($"The unfinished write of '{key}' has {file.Length} bytes; its checkpoint says {at.Length}.");
        if (file.Exists && TrySeal(partial, key, at) && TryPublish(partial, target))
            RemoveEmptyDirectories(partial, _partial);
        return File.Exists(target) ? Task.CompletedTask : throw new ObjectNotFoundException(key);
    }

    /// <returns>False if another call was faster and has published the file.</returns>
    private bool TrySeal(string partial, string key, WriteCheckpoint at)
    {
        try
        {
            // Sealed already by a call that died before the file was published.
            File.SetUnixFileMode(partial, PartialFile.Writable);
            using var whole = PartialFile.Open(partial, key, at, EnsureRoom, keepName: () => { });
            whole.Seal(_time.GetUtcNow());
            return true;
        }
        catch (Exception exception) when (exception is ObjectNotFoundException or FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    public Task Abandon(string key, WriteCheckpoint at, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var partial = _partial.FileOf(key);
        if (File.Exists(partial))
        {
            File.Delete(partial);
            RemoveEmptyDirectories(partial, _partial);
        }

        return Task.CompletedTask;
    }

    public IAsyncEnumerable<StoredObject> ListUnfinished(CancellationToken cancellationToken) =>
        Enumerate(_partial, _partial.Root, cancellationToken).ToAsyncEnumerable();

    public Uri? SignedAddress(string key, TimeSpan lifetime, string contentType, string contentDisposition)
    {
        _ = ObjectKey.Segments(key);
        return null;
    }

    public Task Delete(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = _paths.FileOf(key);
        if (File.Exists(path))
        {
            File.Delete(path);
            RemoveEmptyDirectories(path, _paths);
        }

        return Task.CompletedTask;
    }

    public IAsyncEnumerable<StoredObject> List(string prefix, CancellationToken cancellationToken) =>
        Enumerate(_paths, _paths.DirectoryOf(prefix), cancellationToken).ToAsyncEnumerable();

    public async Task CheckHealth(CancellationToken cancellationToken)
    {
        var expected = RandomNumberGenerator.GetBytes(64);
        await using var file = Receive();
        await file.Write(new MemoryStream(expected), cancellationToken);
        await file.Seal(_time.GetUtcNow());
        var actual = await File.ReadAllBytesAsync(file.Path, cancellationToken);
        if (!actual.AsSpan().SequenceEqual(expected))
            throw new IOException("The object store answered with other bytes than were written.");
    }

    /// <summary>Removes what is left of writes that a crash cut off; a write that is still going on is left alone.</summary>
    public Task<int> RemoveAbandonedWrites(CancellationToken cancellationToken)
    {
        var removed = RemoveOld(_incoming, AbandonedAfter, cancellationToken).Count;
        foreach (var path in RemoveOld(_partial.Root, _abandonedUploadAge, cancellationToken))
        {
            RemoveEmptyDirectories(path, _partial);
            removed++;
        }

        return Task.FromResult(removed);
    }

    /// <returns>The files that were removed: those that nobody has written to for so long, and that nobody writes to now.</returns>
    private List<string> RemoveOld(string folder, TimeSpan age, CancellationToken cancellationToken)
    {
        var removed = new List<string>();
        if (!Directory.Exists(folder))
            return removed;
        var before = (_time.GetUtcNow() - age).UtcDateTime;
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (File.GetLastWriteTimeUtc(path) < before && TryRemoveUnlocked(path))
                removed.Add(path);
        }

        return removed;
    }

    private IncomingFile Receive()
    {
        Directory.CreateDirectory(_incoming, DirectoryMode);
        return new IncomingFile(Path.Join(_incoming, Guid.CreateVersion7().ToString("N")), EnsureRoom);
    }

    /// <summary>Makes a folder whose name lasts, which a concurrent delete of its last file may undo.</summary>
    private static void EnsureDirectory(string directory)
    {
        for (var attempt = 1; !TryMakeDirectory(directory, isLastTry: attempt == MaxPublishAttempts); attempt++)
        {
        }
    }

    private void EnsureRoom()
    {
        if (new DriveInfo(Path.GetDirectoryName(_incoming)!).AvailableFreeSpace < _minimumFreeBytes)
            throw new ObjectStoreFullException();
    }

    /// <summary>Renames a file to an object's and makes the name last.</summary>
    /// <returns>False if the file is not there.</returns>
    private bool TryPublish(string file, string target)
    {
        var directory = Path.GetDirectoryName(target)!;
        for (var attempt = 1; ; attempt++)
        {
            if (!File.Exists(file))
                return false;
            // A concurrent delete may remove a folder as empty between any two of these steps.
            if (TryMakeDirectory(directory, isLastTry: attempt == MaxPublishAttempts) && Posix.Rename(file, target))
                break;
            if (attempt == MaxPublishAttempts)
                throw new IOException($"The folder of '{target}' does not stay.");
        }

        KeepNames(directory, _paths);
        return true;
    }

    /// <summary>Makes the names of a folder's files, and of the folders above it, survive a power failure.</summary>
    private static void KeepNames(string directory, ObjectPaths paths)
    {
        for (var made = directory; made.Length >= paths.Root.Length; made = Path.GetDirectoryName(made)!)
            Posix.SyncDirectory(made);
    }

    /// <summary>.NET makes parents one by one and gives up where one that it found is gone a moment later.</summary>
    private static bool TryMakeDirectory(string directory, bool isLastTry)
    {
        try
        {
            Directory.CreateDirectory(directory, DirectoryMode);
            return true;
        }
        catch (IOException) when (!isLastTry)
        {
            return false;
        }
    }

    /// <summary>Tidies up after an object left its folder, and makes its absence last.</summary>
    private static void RemoveEmptyDirectories(string path, ObjectPaths paths)
    {
        var directory = Path.GetDirectoryName(path)!;
        while (directory.Length > paths.Root.Length && Posix.TryRemoveDirectory(directory))
            directory = Path.GetDirectoryName(directory)!;
        Posix.SyncDirectory(directory);
    }

    private FileStream Open(string key)
    {
        try
        {
            return new FileStream(_paths.FileOf(key), new FileStreamOptions
            {
                Share = FileShare.Read | FileShare.Delete,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            });
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ObjectNotFoundException(key);
        }
    }

    private async Task CopyOut(string key, string path, CancellationToken cancellationToken)
    {
        await using var source = Open(key);
        await using var copy = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
            UnixCreateMode = IncomingFile.ReadOnly,
        });
        try
        {
            await source.CopyToAsync(copy, cancellationToken);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Sets when an object became visible.</summary>
    /// <returns>False if it is not there.</returns>
    private bool TryDate(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, _time.GetUtcNow().UtcDateTime);
            return true;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private static IEnumerable<StoredObject> Enumerate(ObjectPaths paths, string directory, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(directory))
            yield break;
        foreach (var path in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (paths.KeyOf(path) is { } key && Describe(key, path) is { } found)
                yield return found;
        }
    }

    private static StoredObject? Describe(string key, string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new StoredObject(key, file.Length, new DateTimeOffset(file.LastWriteTimeUtc)) : null;
    }

    private static bool TryRemoveUnlocked(string path)
    {
        try
        {
            using var locked = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
            File.Delete(path);
            return true;
        }
        catch (IOException)
        {
            // Still being written, or another process was faster.
            return false;
        }
    }
}
