using AX2Caption.Grains.Work;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Tests.Work;

public sealed class ScratchTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("ax2-scratch-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task Check_WithRoom_LeavesNothing()
    {
        using var scratch = NewScratch();

        await scratch.Check(TestContext.Current.CancellationToken);

        Assert.Equal([".lock"], Directory.EnumerateFileSystemEntries(Assert.Single(Directory.GetDirectories(root))).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Check_WhereNothingCanBeWritten_Fails()
    {
        using var scratch = NewScratch();
        var folder = Assert.Single(Directory.GetDirectories(root));
        // Not even root can make a folder below a file.
        Directory.Delete(folder, recursive: true);
        await File.WriteAllTextAsync(folder, "", TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<IOException>(() => scratch.Check(TestContext.Current.CancellationToken));

        File.Delete(folder);
        Directory.CreateDirectory(folder);
    }

    [Fact]
    public void Start_FolderOfADeadWorker_IsDeleted()
    {
        var dead = Directory.CreateDirectory(Path.Combine(root, "worker-dead")).FullName;
        File.WriteAllText(Path.Combine(dead, ".lock"), "");
        File.WriteAllText(Path.Combine(dead, "audio.pcm"), "left");

        using var scratch = NewScratch();

        Assert.False(Directory.Exists(dead));
    }

    [Fact]
    public void Start_FolderOfALivingWorker_Stays()
    {
        using var living = NewScratch();
        using var folder = living.NewFolder("task");
        Directory.CreateDirectory(folder.Path);

        using var other = NewScratch();

        Assert.True(Directory.Exists(folder.Path));
    }

    [Fact]
    public void Start_FolderThatIsNoWorkers_Stays()
    {
        var foreign = Directory.CreateDirectory(Path.Combine(root, "somebody-elses")).FullName;

        using var scratch = NewScratch();

        Assert.True(Directory.Exists(foreign));
    }

    [Fact]
    public void Dispose_OfAFolder_DeletesItWithItsFiles()
    {
        using var scratch = NewScratch();
        var folder = scratch.NewFolder("task");
        Directory.CreateDirectory(folder.Path);
        File.WriteAllText(Path.Combine(folder.Path, "audio.pcm"), "work");

        folder.Dispose();

        Assert.False(Directory.Exists(folder.Path));
    }

    [Fact]
    public void Dispose_OfAFolderThatNobodyNeeded_FindsNoneToDelete()
    {
        using var scratch = NewScratch();
        var folder = scratch.NewFolder("task");

        Assert.False(Directory.Exists(folder.Path));
        folder.Dispose();
    }

    [Fact]
    public void Dispose_LeavesNothing()
    {
        NewScratch().Dispose();

        Assert.Empty(Directory.GetFileSystemEntries(root));
    }

    private Scratch NewScratch() => new(Options.Create(new WorkOptions { ScratchRoot = root }));
}
