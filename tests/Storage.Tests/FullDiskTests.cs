using System.Diagnostics;

namespace AX2Caption.Storage.Tests;

/// <summary>A real file system of 16 MiB that runs full.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private const long Mebibyte = 1024 * 1024;

    private readonly string _root = Path.Join(Path.GetTempPath(), $"ax2-full-{Guid.CreateVersion7():N}");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_root);
        Assert.SkipUnless(await Run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", _root), "Mounting a small file system needs root.");
    }

    public async ValueTask DisposeAsync()
    {
        await Run("umount", _root);
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Put_ThatFillsTheDisk_IsFullAndGivesTheRoomBack()
    {
        var store = StoreWith(minimumFreeBytes: 0);
        await store.Put("small", new MemoryStream(new byte[Mebibyte]), Cancellation);

        await Assert.ThrowsAsync<ObjectStoreFullException>(() => store.Put("large", Zeros(32 * Mebibyte), Cancellation));

        Assert.Equal(["small"], await store.List("", Cancellation).Select(found => found.Key).ToListAsync(Cancellation));
        await store.Put("next", new MemoryStream(new byte[12 * Mebibyte]), Cancellation);
    }

    [Fact]
    public async Task Put_ThatCrossesTheFloor_IsFullBeforeTheDiskIs()
    {
        var store = StoreWith(minimumFreeBytes: 10 * Mebibyte);

        await Assert.ThrowsAsync<ObjectStoreFullException>(() => store.Put("large", Zeros(12 * Mebibyte), Cancellation));

        Assert.Empty(await store.List("", Cancellation).ToListAsync(Cancellation));
        await store.Put("small", new MemoryStream(new byte[Mebibyte]), Cancellation);
    }

    [Fact]
    public async Task Append_ThatFillsTheDisk_IsFullAndKeepsWhatFitted()
    {
        var store = StoreWith(minimumFreeBytes: 0);
        WriteCheckpoint reached;
        await using (var write = await store.Resume("a", WriteCheckpoint.Start, 32 * Mebibyte, Cancellation))
        {
            await Assert.ThrowsAsync<ObjectStoreFullException>(async () =>
            {
                while (write.Length < 32 * Mebibyte)
                    await write.Append(new byte[Mebibyte], Cancellation);
            });
            reached = await write.Suspend(Cancellation);
        }

        Assert.InRange(reached.Length, 14 * Mebibyte, 16 * Mebibyte);
        Assert.Empty(await store.List("", Cancellation).ToListAsync(Cancellation));
        await store.Abandon("a", reached, Cancellation);
        await store.Put("next", new MemoryStream(new byte[12 * Mebibyte]), Cancellation);
    }

    [Fact]
    public async Task Append_ThatCrossesTheFloor_IsFullBeforeTheDiskIs()
    {
        var store = StoreWith(minimumFreeBytes: 10 * Mebibyte);
        await using var write = await store.Resume("a", WriteCheckpoint.Start, 12 * Mebibyte, Cancellation);

        await Assert.ThrowsAsync<ObjectStoreFullException>(async () =>
        {
            while (write.Length < 12 * Mebibyte)
                await write.Append(new byte[Mebibyte], Cancellation);
        });

        await Assert.ThrowsAsync<ObjectStoreFullException>(() => store.Resume("b", WriteCheckpoint.Start, 1, Cancellation));
    }

    // Breaks only after the store should have given up.
    private static BrokenStream Zeros(long length) => new(length, new EndOfStreamException("The store took more than there is room for."));

    private LocalObjectStore StoreWith(long minimumFreeBytes) =>
        new(new StorageOptions { Root = _root, MinimumFreeBytes = minimumFreeBytes }, TimeProvider.System);

    private static async Task<bool> Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode == 0;
    }
}
