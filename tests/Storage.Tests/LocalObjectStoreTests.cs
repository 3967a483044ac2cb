using System.Text;
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

    protected override IObjectStore SameStore() => StoreWith(minimumFreeBytes: 0);

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

        Assert.Equal(["d4~/2/source="], Files("objects/videos"));
    }

    [Fact]
    public async Task Put_ManyOfOneKind_AreSpreadOverFolders()
    {
        for (var i = 0; i < 200; i++)
            await Put($"incoming/{Guid.CreateVersion7()}", "x");

        var folders = Directory.EnumerateDirectories(Path.Join(_root, "objects", "incoming")).ToList();
        Assert.InRange(folders.Count, 90, 200);
        Assert.All(folders, folder => Assert.InRange(Directory.EnumerateFileSystemEntries(folder).Count(), 1, 12));
    }

    [Fact]
    public async Task Copy_WrittenAt_IsWhenTheCopyBecameVisible()
    {
        await Put("a", "content");
        _time.Advance(TimeSpan.FromDays(1));

        await Store.Copy("a", "b", Cancellation);
        await Store.Copy("a", "b", Cancellation);

        Assert.Equal(_time.GetUtcNow(), (await Store.Stat("b", Cancellation))!.WrittenAt);
        Assert.Empty(Directory.EnumerateFiles(Incoming));
    }

    [Fact]
    public async Task Resume_ThatSomebodyElseHasOpen_IsRefused()
    {
        await using var first = await Store.Resume("a", WriteCheckpoint.Start, 10, Cancellation);

        await Assert.ThrowsAsync<WriteInProgressException>(() => SameStore().Resume("a", WriteCheckpoint.Start, 10, Cancellation));
    }

    [Fact]
    public async Task Finish_AtACheckpoint_LeavesOutWhatIsBeyondIt()
    {
        WriteCheckpoint reached;
        await using (var write = await Store.Resume("a", WriteCheckpoint.Start, 10, Cancellation))
        {
            await write.Append(new byte[5], Cancellation);
            reached = await write.Checkpoint(Cancellation);
            await write.Append(new byte[5], Cancellation);
        }

        await Store.Finish("a", reached, Cancellation);

        Assert.Equal(5, (await Store.Stat("a", Cancellation))!.Length);
    }

    [Fact]
    public async Task Finish_WhileSomebodyWrites_IsRefused()
    {
        await using var write = await Store.Resume("a", WriteCheckpoint.Start, 10, Cancellation);
        await write.Append(new byte[10], Cancellation);
        var reached = await write.Checkpoint(Cancellation);

        await Assert.ThrowsAsync<WriteInProgressException>(() => SameStore().Finish("a", reached, Cancellation));

        Assert.Empty(await Keys(""));
    }

    [Fact]
    public async Task Finish_OfAFileThatIsShorterThanItsCheckpoint_IsRefused()
    {
        await using (var write = await Store.Resume("a", WriteCheckpoint.Start, 10, Cancellation))
        {
            await write.Append(new byte[5], Cancellation);
            await write.Suspend(Cancellation);
        }

        await Assert.ThrowsAsync<IOException>(() => Store.Finish("a", new WriteCheckpoint(10, null), Cancellation));
        await Assert.ThrowsAsync<IOException>(() => Store.Resume("a", new WriteCheckpoint(10, null), 10, Cancellation));

        Assert.Empty(await Keys(""));
    }

    [Fact]
    public async Task Finish_WrittenAt_IsWhenTheObjectBecameVisible()
    {
        var reached = await WriteInOneGo("a", [1, 2, 3]);
        _time.Advance(TimeSpan.FromDays(1));

        await Store.Finish("a", reached, Cancellation);

        Assert.Equal(_time.GetUtcNow(), (await Store.Stat("a", Cancellation))!.WrittenAt);
        Assert.Empty(Files("partial"));
    }

    [Fact]
    public void SignedAddress_OfAFolder_ThereIsNone() =>
        Assert.Null(Store.SignedAddress("a", TimeSpan.FromMinutes(1), "video/mp4", "inline"));

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
        Assert.Equal(1, await _store.RemoveAbandonedWrites(Cancellation));

        Assert.Equal([recent], Directory.EnumerateFiles(Incoming));
        Assert.Equal(["kept"], await Keys(""));
    }

    [Fact]
    public async Task RemoveAbandonedWrites_OfPiecesThatNobodyWroteToForLong_RemovesThemUnlessSomebodyDoes()
    {
        foreach (var key in new[] { "incoming/old", "incoming/recent", "incoming/held" })
        {
            await using var write = await Store.Resume(key, WriteCheckpoint.Start, 100, Cancellation);
            await write.Append("half"u8.ToArray(), Cancellation);
            await write.Suspend(Cancellation);
        }

        var age = new StorageOptions().AbandonedUploadAge;
        foreach (var path in Directory.EnumerateFiles(Path.Join(Path.GetDirectoryName(Incoming), "partial"), "*", SearchOption.AllDirectories))
        {
            var written = path.Contains("recent", StringComparison.Ordinal) ? age : age + TimeSpan.FromSeconds(1);
            File.SetLastWriteTimeUtc(path, (_time.GetUtcNow() - written).UtcDateTime);
        }

        await using var held = await Store.Resume("incoming/held", new WriteCheckpoint(4, null), 100, Cancellation);

        Assert.Equal(1, await _store.RemoveAbandonedWrites(Cancellation));

        Assert.Equal(["incoming/held", "incoming/recent"], await Store.ListUnfinished(Cancellation).Select(write => write.Key).Order().ToListAsync(Cancellation));
    }

    [Fact]
    public async Task RemoveAbandonedWrites_WhileAWriteStalls_LeavesItAlone()
    {
        var reached = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var put = Store.Put("a", new PausedStream(Encoding.UTF8.GetBytes("content"), reached, release.Task), Cancellation);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        _time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(0, await _store.RemoveAbandonedWrites(Cancellation));

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

    [Theory]
    [InlineData("objects/videos/1/source=")]
    [InlineData("objects/videos/ff~/1/source=")]
    [InlineData("objects/videos/ff~/=")]
    [InlineData("objects/=")]
    [InlineData("objects/not a key=")]
    [InlineData("objects/..=")]
    [InlineData("partial/incoming/1=")]
    public async Task List_FileThatLiesElsewhereThanItsKeySays_IsNotShown(string misplaced)
    {
        await Put("videos/2/source", "content");
        var path = Path.Join(_root, misplaced);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "", Cancellation);

        Assert.Equal(["videos/2/source"], await Keys(""));
        Assert.Equal(["videos/2/source"], await Keys("videos/"));
        Assert.Empty(await Store.ListUnfinished(Cancellation).ToListAsync(Cancellation));
    }

    private IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Path.Join(_root, folder), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Path.Join(_root, folder), file));

    private LocalObjectStore StoreWith(long minimumFreeBytes) =>
        new(new StorageOptions { Root = _root, MinimumFreeBytes = minimumFreeBytes }, _time);
}
