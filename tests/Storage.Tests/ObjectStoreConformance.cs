using System.Security.Cryptography;
using System.Text;

namespace AX2Caption.Storage.Tests;

/// <summary>What every object store must do; each adapter runs it.</summary>
public abstract partial class ObjectStoreConformance
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract IObjectStore Store { get; }

    /// <summary>The same store as another process sees it.</summary>
    protected abstract IObjectStore SameStore();

    public static TheoryData<string> InvalidKeys =>
    [
        "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", "a/..", "a\\b", "a b", "a\0b", "a\nb", "ä", "a=b", "a+", "~", "*", "C:",
        new string('a', 513),
    ];

    public static TheoryData<string> UnusualKeys =>
    [
        "a", "...", ".hidden", "-", "a..b", "A/a", "con", "objects/incoming", new string('k', 255), new string('k', 512),
        string.Join('/', Enumerable.Repeat("k", 256)) + "k", new string('x', 200) + "/" + new string('y', 201) + "/z",
    ];

    [Theory]
    [MemberData(nameof(InvalidKeys))]
    public async Task Key_Invalid_IsRefusedByEveryOperation(string key)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.Put(key, new MemoryStream(), Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.Stat(key, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.OpenRead(key, 0, null, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.Download(key, Unused(), Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.Move(key, "valid", Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.Move("valid", key, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.Copy(key, "valid", Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.Copy("valid", key, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.Delete(key, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.Resume(key, WriteCheckpoint.Start, 1, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.Finish(key, WriteCheckpoint.Start, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.Abandon(key, WriteCheckpoint.Start, Cancellation));
        Assert.Throws<ArgumentException>(() => Store.SignedAddress(key, TimeSpan.FromMinutes(1), "video/mp4", "inline"));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("/")]
    [InlineData("../")]
    [InlineData("a/../")]
    [InlineData("a//")]
    public void List_InvalidPrefix_IsRefused(string prefix) =>
        Assert.Throws<ArgumentException>(() => Store.List(prefix, Cancellation));

    /// <summary>How often a race is run.</summary>
    protected virtual int Rounds => 100;

    [Theory]
    [MemberData(nameof(UnusualKeys))]
    public async Task Key_UnusualButValid_IsStoredAndListedAsGiven(string key)
    {
        await Put(key, "content");

        Assert.Equal("content", await Read(key));
        Assert.Equal([key], await Keys(""));

        await Store.Delete(key, Cancellation);
        Assert.Empty(await Keys(""));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(131_072)]
    [InlineData(1_000_003)]
    [InlineData(5 * 1024 * 1024)]
    [InlineData(11_000_003)]
    public async Task Put_Content_IsReadBackWithItsLengthAndHash(int length)
    {
        var content = RandomNumberGenerator.GetBytes(length);

        var written = await Store.Put("videos/1/source", new MemoryStream(content), Cancellation);

        Assert.Equal(length, written.Length);
        Assert.Equal(SHA256.HashData(content), written.Sha256);
        Assert.Equal(content, await ReadBytes("videos/1/source", 0, null));
        Assert.Equal(length, (await Store.Stat("videos/1/source", Cancellation))!.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5 * 1024 * 1024)]
    [InlineData(11_000_003)]
    public async Task Put_ContentOfUnknownLength_IsReadBack(int length)
    {
        var content = RandomNumberGenerator.GetBytes(length);

        var written = await Store.Put("a", new ForwardStream(content), Cancellation);

        Assert.Equal(SHA256.HashData(content), written.Sha256);
        Assert.Equal(length, written.Length);
        Assert.Equal(content, await ReadBytes("a", 0, null));
    }

    [Fact]
    public async Task Put_OverAnObject_ReplacesItForNewReadersOnly()
    {
        await Put("a", "first");
        await using var reader = await Store.OpenRead("a", 0, null, Cancellation);

        await Put("a", "2nd");

        Assert.Equal("first", await new StreamReader(reader).ReadToEndAsync(Cancellation));
        Assert.Equal("2nd", await Read("a"));
    }

    [Theory]
    [InlineData(300_000)]
    [InlineData(11_000_000)]
    public async Task Put_WhoseContentBreaksOff_LeavesNothing(int after)
    {
        await Assert.ThrowsAsync<EndOfStreamException>(() => Store.Put("a", new BrokenStream(after, new EndOfStreamException()), Cancellation));

        Assert.Null(await Store.Stat("a", Cancellation));
        Assert.Empty(await Keys(""));
        Assert.Empty(await Store.ListUnfinished(Cancellation).ToListAsync(Cancellation));
    }

    [Theory]
    [InlineData(300_000)]
    [InlineData(11_000_000)]
    public async Task Put_WhoseContentBreaksOff_KeepsTheObjectThatStood(int after)
    {
        await Put("a", "before");

        await Assert.ThrowsAsync<EndOfStreamException>(() => Store.Put("a", new BrokenStream(after, new EndOfStreamException()), Cancellation));

        Assert.Equal("before", await Read("a"));
    }

    [Fact]
    public async Task Put_Canceled_LeavesNothing()
    {
        using var canceled = new CancellationTokenSource();
        var content = new BrokenStream(300_000, new OperationCanceledException(), onBreak: canceled.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.Put("a", content, canceled.Token));

        Assert.Empty(await Keys(""));
    }

    [Fact]
    public async Task Put_WhileItRuns_ShowsNothing()
    {
        var reached = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var content = new PausedStream(Encoding.UTF8.GetBytes("content"), reached, release.Task);

        var put = Store.Put("a", content, Cancellation);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Null(await Store.Stat("a", Cancellation));
        Assert.Empty(await Keys(""));

        release.SetResult();
        await put;
        Assert.Equal("content", await Read("a"));
    }

    [Fact]
    public async Task Put_ManyAtOnceOfOneKey_LeavesOneWhole()
    {
        var contents = Enumerable.Range(0, 16).Select(i => Enumerable.Repeat((byte)i, 200_000).ToArray()).ToArray();

        await Task.WhenAll(contents.Select(content => Task.Run(() => Store.Put("a/b", new MemoryStream(content), Cancellation))));

        var survivor = await ReadBytes("a/b", 0, null);
        Assert.Contains(contents, content => content.AsSpan().SequenceEqual(survivor));
        Assert.Equal(["a/b"], await Keys(""));
    }

    [Fact]
    public async Task PutMoveAndDelete_ManyAtOnceInFoldersThatEmpty_DisturbNoOther()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                await Put($"a/{worker}", "content");
                await Store.Move($"a/{worker}", $"b/c/{worker}", Cancellation);
                Assert.Equal("content", await Read($"b/c/{worker}"));
                await Store.Delete($"b/c/{worker}", Cancellation);
            }
        })));

        Assert.Empty(await Keys(""));
    }

    [Fact]
    public async Task Key_ThatIsAnothersFolder_StandsBesideIt()
    {
        await Put("a", "1");
        await Put("a/b", "2");
        await Put("a/b/c", "3");

        Assert.Equal(["a", "a/b", "a/b/c"], await Keys(""));
        Assert.Equal(["1", "2", "3"], [await Read("a"), await Read("a/b"), await Read("a/b/c")]);

        await Store.Delete("a", Cancellation);
        Assert.Equal(["a/b", "a/b/c"], await Keys(""));
    }

    [Theory]
    [InlineData(0, null, "0123456789")]
    [InlineData(0, 0L, "")]
    [InlineData(0, 4L, "0123")]
    [InlineData(3, 4L, "3456")]
    [InlineData(3, null, "3456789")]
    [InlineData(8, 100L, "89")]
    [InlineData(10, null, "")]
    [InlineData(50, 1L, "")]
    public async Task OpenRead_Range_GivesThoseBytes(long offset, long? length, string expected)
    {
        await Put("digits", "0123456789");

        Assert.Equal(expected, Encoding.UTF8.GetString(await ReadBytes("digits", offset, length)));
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, -1L)]
    public async Task OpenRead_NegativeRange_IsRefused(long offset, long? length)
    {
        await Put("digits", "0123456789");

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.OpenRead("digits", offset, length, Cancellation));
    }

    [Fact]
    public async Task Object_ThatIsNotThere_IsNotFound()
    {
        Assert.Null(await Store.Stat("none/a", Cancellation));
        Assert.Equal("none/a", (await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.OpenRead("none/a", 0, null, Cancellation))).Key);
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.Download("none/a", Unused(), Cancellation));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.OpenRead("none/a", 0, 0, Cancellation));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.Move("none/a", "none/b", Cancellation));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.Move("none/a", "none/a", Cancellation));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.Copy("none/a", "none/b", Cancellation));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.Copy("none/a", "none/a", Cancellation));
        await Store.Delete("none/a", Cancellation);
    }

    [Fact]
    public async Task Download_Object_IsAReadOnlyFileThatOutlivesIt()
    {
        await Put("a", "content");
        var path = Unused();

        await Store.Download("a", path, Cancellation);
        await Store.Delete("a", Cancellation);

        Assert.Equal("content", await File.ReadAllTextAsync(path, Cancellation));
        Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(path) & (UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
        File.Delete(path);
    }

    [Fact]
    public async Task Download_OntoAFile_IsRefusedAndLeavesIt()
    {
        await Put("a", "content");
        var path = Unused();
        await File.WriteAllTextAsync(path, "mine", Cancellation);

        await Assert.ThrowsAnyAsync<IOException>(() => Store.Download("a", path, Cancellation));

        Assert.Equal("mine", await File.ReadAllTextAsync(path, Cancellation));
        File.Delete(path);
    }

    [Fact]
    public async Task Download_FileDeleted_LeavesTheObject()
    {
        await Put("a", "content");
        var path = Unused();

        await Store.Download("a", path, Cancellation);
        File.Delete(path);

        Assert.Equal("content", await Read("a"));
    }

    [Fact]
    public async Task Move_Object_RenamesIt()
    {
        await Put("incoming/1", "content");

        await Store.Move("incoming/1", "videos/1/source", Cancellation);

        Assert.Equal(["videos/1/source"], await Keys(""));
        Assert.Equal("content", await Read("videos/1/source"));
    }

    [Fact]
    public async Task Move_Again_Succeeds()
    {
        await Put("a", "content");

        await Store.Move("a", "b", Cancellation);
        await Store.Move("a", "b", Cancellation);

        Assert.Equal("content", await Read("b"));
    }

    [Fact]
    public async Task Move_OverAnObject_ReplacesIt()
    {
        await Put("a", "new");
        await Put("b", "old");

        await Store.Move("a", "b", Cancellation);

        Assert.Equal(["b"], await Keys(""));
        Assert.Equal("new", await Read("b"));
    }

    [Fact]
    public async Task Move_OntoItself_ChangesNothing()
    {
        await Put("a/b", "content");

        await Store.Move("a/b", "a/b", Cancellation);

        Assert.Equal("content", await Read("a/b"));
    }

    [Fact]
    public async Task Copy_Object_MakesASecondOneThatLivesOnItsOwn()
    {
        await Put("a", "content");

        await Store.Copy("a", "b/c", Cancellation);
        await Store.Copy("a", "b/c", Cancellation);

        Assert.Equal(["a", "b/c"], await Keys(""));
        await Put("a", "changed");
        Assert.Equal("content", await Read("b/c"));
        await Store.Delete("a", Cancellation);
        Assert.Equal("content", await Read("b/c"));
    }

    [Fact]
    public async Task Copy_OverAnObject_ReplacesIt()
    {
        await Put("a", "new");
        await Put("b", "old");

        await Store.Copy("a", "b", Cancellation);

        Assert.Equal(["new", "new"], [await Read("a"), await Read("b")]);
    }

    [Fact]
    public async Task Copy_OntoItself_ChangesNothing()
    {
        await Put("a", "content");

        await Store.Copy("a", "a", Cancellation);

        Assert.Equal(["a"], await Keys(""));
        Assert.Equal("content", await Read("a"));
    }

    [Fact]
    public async Task Copy_OfALargeObject_IsTheSameContent()
    {
        var content = RandomNumberGenerator.GetBytes(11_000_003);
        await Store.Put("a", new MemoryStream(content), Cancellation);

        await Store.Copy("a", "b", Cancellation);
        await Store.Move("b", "c", Cancellation);

        Assert.Equal(content, await ReadBytes("c", 0, null));
        Assert.Equal(["a", "c"], await Keys(""));
    }

    [Fact]
    public async Task Delete_Twice_Succeeds()
    {
        await Put("a/b/c", "content");

        await Store.Delete("a/b/c", Cancellation);
        await Store.Delete("a/b/c", Cancellation);

        Assert.Empty(await Keys(""));
    }

    [Fact]
    public async Task List_Prefix_GivesWhatLiesBelowIt()
    {
        await Put("videos/1/source", "x");
        await Put("videos/1/audio/1", "xx");
        await Put("videos/12/source", "xxx");
        await Put("videos", "xxxx");

        Assert.Equal(["videos/1/audio/1", "videos/1/source"], await Keys("videos/1/"));
        Assert.Equal(["videos/1/audio/1", "videos/1/source", "videos/12/source"], await Keys("videos/"));
        Assert.Equal(4, (await Keys("")).Count);
        Assert.Empty(await Keys("none/"));
    }

    [Fact]
    public async Task List_Object_IsDescribedAsByStat()
    {
        await Put("a", "content");

        var listed = Assert.Single(await Store.List("", Cancellation).ToListAsync(Cancellation));

        Assert.Equal(await Store.Stat("a", Cancellation), listed);
        Assert.Equal(7, listed.Length);
    }

    [Fact]
    public async Task CheckHealth_OfAWorkingStore_LeavesNothing()
    {
        await Store.CheckHealth(Cancellation);

        Assert.Empty(await Keys(""));
    }

    protected async Task Put(string key, string content) =>
        await Store.Put(key, new MemoryStream(Encoding.UTF8.GetBytes(content)), Cancellation);

    protected async Task<string> Read(string key) => Encoding.UTF8.GetString(await ReadBytes(key, 0, null));

    protected async Task<List<string>> Keys(string prefix) =>
        await Store.List(prefix, Cancellation).Select(found => found.Key).Order(StringComparer.Ordinal).ToListAsync(Cancellation);

    protected async Task<byte[]> ReadBytes(string key, long offset, long? length)
    {
        await using var stream = await Store.OpenRead(key, offset, length, Cancellation);
        var content = new MemoryStream();
        await stream.CopyToAsync(content, Cancellation);
        return content.ToArray();
    }

    private static string Unused() => Path.Join(Path.GetTempPath(), Guid.CreateVersion7().ToString("N"));
}
