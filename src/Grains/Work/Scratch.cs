using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Work;

/// <summary>
/// This worker's folder for working files. A lock on a file in it tells living workers from dead ones, whose folders are
/// deleted at the next start.
/// </summary>
internal sealed class Scratch : IDisposable
{
    private const string LockName = ".lock";
    private const int CheckedBytes = 1 << 20;

    private readonly string folder;
    private readonly FileStream heldLock;

    public Scratch(IOptions<WorkOptions> options)
    {
        var root = Directory.CreateDirectory(options.Value.ScratchRoot).FullName;
        foreach (var other in Directory.GetDirectories(root, "worker-*"))
        {
            DeleteIfAbandoned(other);
        }

        folder = Directory.CreateDirectory(Path.Combine(root, $"worker-{Guid.CreateVersion7():N}")).FullName;
        heldLock = Lock(folder);
    }

    /// <summary>A place for a folder, which whoever needs one creates; disposing deletes it.</summary>
    public Folder NewFolder(string name) => new(Path.Combine(folder, name));

    /// <summary>Throws if nothing can be written.</summary>
    public async Task Check(CancellationToken cancellationToken)
    {
        using var place = NewFolder($"check-{Guid.CreateVersion7():N}");
        Directory.CreateDirectory(place.Path);
        await File.WriteAllBytesAsync(Path.Combine(place.Path, "room"), new byte[CheckedBytes], cancellationToken);
    }

    public void Dispose()
    {
        heldLock.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static FileStream Lock(string folder) =>
        new(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private static void DeleteIfAbandoned(string folder)
    {
        try
        {
            using (Lock(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Its worker lives, another one is deleting it, or a tool left a folder in it that nobody may open.
        }
    }

    internal readonly record struct Folder(string Path) : IDisposable
    {
        public void Dispose()
        {
            if (Directory.Exists(Path))
            {
                Directory.Delete(Path, recursive: true);
            }
        }
    }
}
