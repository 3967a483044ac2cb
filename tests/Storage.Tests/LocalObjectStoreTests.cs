using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AX2Caption.Storage.Tests;

public sealed class LocalObjectStoreTests : ObjectStoreConformance, IDisposable
{
    private readonly string _root = Path.Join(Path.GetTempPath(), $"ax2-store-{Guid.CreateVersion7():N}");
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly LocalObjectStore _store;

    public LocalObjectStoreTests()
    {
        Directory.CreateDirectory(_root);
        _store = StoreWith(minimumFreeBytes: 0);
    }

    protected override IObjectStore Store => _store;

    private string Incoming => Path.Join(_root, "incoming");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Stat_WrittenAt_IsWhenTheObjectBecameVisible()
    {
        await Put("a", "content");
        Assert.Equal(_time.GetUtcNow(), (await Store.Stat("a", Cancellation))!.WrittenAt);

        _time.Advance(TimeSpan.FromDays(1));
        await Store.Move("a", "b", Cancellation);
        Assert.Equal(_time.GetUtcNow(), (await Store.Stat("b", Cancellation))!.WrittenAt);
    }

    [Fact]
    public async Task Put_BelowTheFreeSpaceFloor_IsFullAndLeavesNothing()
    {
        var full = StoreWith(minimumFreeBytes: long.MaxValue);

        await Assert.ThrowsAsync<ObjectStoreFullException>(() => full.Put("a", new MemoryStream([1]), Cancellation));
        await Assert.ThrowsAsync<ObjectStoreFullException>(() => full.CheckHealth(Cancellation));

        Assert.Empty(await Keys(""));
        Assert.Empty(Directory.EnumerateFiles(Incoming));
    }

    [Fact]
    public async Task Put_ThatFails_LeavesNoFile()
    {
        await Assert.ThrowsAsync<EndOfStreamException>(() => Store.Put("a/b", new BrokenStream(300_000, new EndOfStreamException()), Cancellation));

        Assert.Empty(Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Delete_LastObjectOfAFolder_RemovesTheFolder()
    {
        await Put("videos/1/source", "x");
        await Put("videos/2/source", "x");

        await Store.Delete("videos/1/source", Cancellation);

        Assert.Equal(["2"], Directory.EnumerateDirectories(Path.Join(_root, "objects", "videos")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Download_OnTheSameFileSystem_CopiesNothing()
    {
        await Put("a", "content");
        var path = Path.Join(_root, "linked");

        await Store.Download("a", path, Cancellation);

        // A second name of one file shares its times; a copy would not.
        File.SetLastWriteTimeUtc(path, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        Assert.Equal(2001, (await Store.Stat("a", Cancellation))!.WrittenAt.Year);
    }

    [Fact]
    public async Task Download_ToAnotherFileSystem_Copies()
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "There is no second file system to copy to.");
        await Put("a", "content");
        var path = $"/dev/shm/ax2-{Guid.CreateVersion7():N}";

        await Store.Download("a", path, Cancellation);

        Assert.Equal("content", await File.ReadAllTextAsync(path, Cancellation));
        Assert.False(File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserWrite));
        File.Delete(path);
    }

    [Fact]
    public async Task RemoveAbandonedWrites_RemovesWhatACrashLeftAndNothingElse()
    {
        await Put("kept", "content");
        var old = Path.Join(Incoming, "old");
        var recent = Path.Join(Incoming, "recent");
        await File.WriteAllTextAsync(old, "half", Cancellation);
        await File.WriteAllTextAsync(recent, "half", Cancellation);
        File.SetLastWriteTimeUtc(old, (_time.GetUtcNow() - TimeSpan.FromHours(2)).UtcDateTime);

        Assert.Equal(["kept"], await Keys(""));
        Assert.Equal(1, _store.RemoveAbandonedWrites(TimeSpan.FromHours(1), Cancellation));

        Assert.Equal([recent], Directory.EnumerateFiles(Incoming));
        Assert.Equal(["kept"], await Keys(""));
    }

    [Fact]
    public async Task RemoveAbandonedWrites_WhileAWriteStalls_LeavesItAlone()
    {
        var reached = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var put = Store.Put("a", new PausedStream(Encoding.UTF8.GetBytes("content"), reached, release.Task), Cancellation);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        _time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(0, _store.RemoveAbandonedWrites(TimeSpan.FromHours(1), Cancellation));

        release.SetResult();
        await put;
        Assert.Equal("content", await Read("a"));
    }

    [Fact]
    public async Task List_ForeignFile_IsNotShown()
    {
        await Put("a", "content");
        await File.WriteAllTextAsync(Path.Join(_root, "objects", "lost+found"), "", Cancellation);

        Assert.Equal(["a"], await Keys(""));
    }

    private LocalObjectStore StoreWith(long minimumFreeBytes) =>
        new(Options.Create(new StorageOptions { Root = _root, MinimumFreeBytes = minimumFreeBytes }), _time);
}
