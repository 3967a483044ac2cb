using System.Security.Cryptography;

namespace AX2Caption.Storage.Tests;

/// <summary>Writes that go on where they were left.</summary>
public abstract partial class ObjectStoreConformance
{
    public static TheoryData<int[]> Goes =>
    [
        new[] { 0 },
        new[] { 1 },
        new[] { 5 * Mebibyte },
        new[] { 10 * Mebibyte },
        new[] { 11_000_003 },
        new[] { 1, 1, 1 },
        new[] { 0, 7, 0 },
        new[] { 3_000_000, 3_000_000, 3_000_000, 3_000_000 },
        new[] { 5 * Mebibyte, 5 * Mebibyte, 1 },
        new[] { 12_000_001, 1, 5_000_000 },
    ];

    private const int Mebibyte = 1024 * 1024;

    [Theory]
    [MemberData(nameof(Goes))]
    public async Task Resume_InSeveralGoesByOtherProcesses_IsOneObject(int[] lengths)
    {
        var content = RandomNumberGenerator.GetBytes(lengths.Sum());
        var reached = WriteCheckpoint.Start;
        foreach (var length in lengths)
        {
            await using var write = await SameStore().Resume("incoming/1", reached, content.Length, Cancellation);
            Assert.Equal(reached.Length, write.Length);
            await write.Append(content.AsMemory((int)reached.Length, length), Cancellation);
            Assert.Equal(reached.Length + length, write.Length);
            reached = await write.Suspend(Cancellation);
            Assert.Equal(write.Length, reached.Length);
        }

        Assert.Empty(await Keys(""));
        await SameStore().Finish("incoming/1", reached, Cancellation);

        Assert.Equal(content, await ReadBytes("incoming/1", 0, null));
        Assert.Equal(["incoming/1"], await Keys(""));
        Assert.Empty(await Unfinished());
    }

    [Fact]
    public async Task Resume_AfterACrash_DropsWhatIsBeyondTheCheckpoint()
    {
        var content = RandomNumberGenerator.GetBytes(13_000_000);
        WriteCheckpoint reached;
        await using (var crashed = await Store.Resume("a", WriteCheckpoint.Start, content.Length, Cancellation))
        {
            await crashed.Append(content.AsMemory(0, 6_000_000), Cancellation);
            reached = await crashed.Checkpoint(Cancellation);
            Assert.InRange(reached.Length, 1, 6_000_000);
            await crashed.Append(new byte[6_000_000], Cancellation);
        }

        await using (var write = await SameStore().Resume("a", reached, content.Length, Cancellation))
        {
            await write.Append(content.AsMemory((int)reached.Length), Cancellation);
            reached = await write.Suspend(Cancellation);
        }

        await Store.Finish("a", reached, Cancellation);
        Assert.Equal(content, await ReadBytes("a", 0, null));
    }

    [Fact]
    public async Task Resume_AtACheckpointThatIsNotTheLast_GoesOnThere()
    {
        var content = RandomNumberGenerator.GetBytes(7_000_000);
        WriteCheckpoint first;
        await using (var write = await Store.Resume("a", WriteCheckpoint.Start, content.Length, Cancellation))
        {
            await write.Append(content.AsMemory(0, 2_000_000), Cancellation);
            first = await write.Suspend(Cancellation);
        }

        // Suspended further on, but the note of it was lost.
        await using (var write = await Store.Resume("a", first, content.Length, Cancellation))
        {
            await write.Append(new byte[4_000_000], Cancellation);
            await write.Suspend(Cancellation);
        }

        WriteCheckpoint last;
        await using (var write = await SameStore().Resume("a", first, content.Length, Cancellation))
        {
            await write.Append(content.AsMemory(2_000_000), Cancellation);
            last = await write.Suspend(Cancellation);
        }

        await Store.Finish("a", last, Cancellation);
        Assert.Equal(content, await ReadBytes("a", 0, null));
    }

    [Fact]
    public async Task Checkpoint_BeforeAnythingIsAppended_IsWhereTheWriteGoesOn()
    {
        var reached = await WriteInOneGo("a", new byte[100]);

        await using var write = await Store.Resume("a", reached, 200, Cancellation);

        Assert.Equal(100, (await write.Checkpoint(Cancellation)).Length);
        Assert.Equal(100, (await write.Suspend(Cancellation)).Length);
    }

    [Fact]
    public async Task Resume_FromTheStartAgain_ForgetsWhatWasWritten()
    {
        await WriteInOneGo("a", new byte[6_000_000]);

        var reached = await WriteInOneGo("a", [1, 2, 3]);
        await Store.Finish("a", reached, Cancellation);

        Assert.Equal([1, 2, 3], await ReadBytes("a", 0, null));
    }

    [Fact]
    public async Task Finish_Again_Succeeds()
    {
        foreach (var length in (int[])[0, 10, 5 * Mebibyte, 6_000_000])
        {
            var key = $"a/{length}";
            var reached = await WriteInOneGo(key, new byte[length]);

            await Store.Finish(key, reached, Cancellation);
            await SameStore().Finish(key, reached, Cancellation);

            Assert.Equal(length, (await Store.Stat(key, Cancellation))!.Length);
        }
    }

    [Fact]
    public async Task Finish_OverAnObject_ReplacesIt()
    {
        await Put("a", "before");
        var reached = await WriteInOneGo("a", "afterwards"u8.ToArray());
        Assert.Equal("before", await Read("a"));

        await Store.Finish("a", reached, Cancellation);

        Assert.Equal("afterwards", await Read("a"));
    }

    [Fact]
    public async Task Finish_OfNothing_IsNotFound()
    {
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.Finish("a", WriteCheckpoint.Start, Cancellation));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.Finish("a", new WriteCheckpoint(10, null), Cancellation));
    }

    [Fact]
    public async Task Resume_OfNothing_IsNotFound()
    {
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.Resume("a", new WriteCheckpoint(10, null), 20, Cancellation));

        Assert.Empty(await Unfinished());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(6_000_000)]
    public async Task Abandon_AWrite_LeavesNothingToGoOnWith(int length)
    {
        var reached = await WriteInOneGo("a", new byte[length]);
        Assert.Equal([("a", (long)length)], await Unfinished());

        await Store.Abandon("a", reached, Cancellation);
        await SameStore().Abandon("a", reached, Cancellation);

        Assert.Empty(await Unfinished());
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.Finish("a", reached, Cancellation));
        if (length > 0)
            await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.Resume("a", reached, 20, Cancellation));
        Assert.Empty(await Keys(""));
    }

    [Fact]
    public async Task Abandon_AWrite_LeavesTheObjectOfItsKeyAndItsNeighbours()
    {
        await Put("a", "object");
        var other = await WriteInOneGo("a/b", [1]);
        var reached = await WriteInOneGo("a", [2]);

        await Store.Abandon("a", reached, Cancellation);

        Assert.Equal("object", await Read("a"));
        await Store.Finish("a/b", other, Cancellation);
        Assert.Equal([1], await ReadBytes("a/b", 0, null));
    }

    [Fact]
    public async Task ListUnfinished_TellsEachWriteThatHasBegun()
    {
        await using (await Store.Resume("incoming/1", WriteCheckpoint.Start, 10, Cancellation))
        {
        }

        await WriteInOneGo("incoming/2", new byte[6_000_000]);
        await Store.Finish("incoming/3", await WriteInOneGo("incoming/3", [1]), Cancellation);
        await Put("incoming/4", "object");

        Assert.Equal([("incoming/1", 0L), ("incoming/2", 6_000_000L)], await Unfinished());
        Assert.Equal(["incoming/3", "incoming/4"], await Keys(""));
    }

    protected async Task<WriteCheckpoint> WriteInOneGo(string key, byte[] content)
    {
        await using var write = await Store.Resume(key, WriteCheckpoint.Start, content.Length, Cancellation);
        await write.Append(content, Cancellation);
        return await write.Suspend(Cancellation);
    }

    protected async Task<List<(string Key, long Length)>> Unfinished() =>
        await Store.ListUnfinished(Cancellation).Select(write => (write.Key, write.Length)).OrderBy(write => write.Key, StringComparer.Ordinal).ToListAsync(Cancellation);
}
