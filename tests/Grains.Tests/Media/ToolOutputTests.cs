using System.Diagnostics;
using AX2Caption.Grains.Media;

namespace AX2Caption.Grains.Tests.Media;

public sealed class ToolOutputTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ax2-output-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Find_AFileWithBytes_IsIt()
    {
        File.WriteAllText(Path.Combine(folder, "out"), "bytes");

        Assert.Equal(5, ToolOutput.Find(folder, "out")!.Length);
    }

    [Fact]
    public void Find_ALinkOutOfTheFolder_IsNothing()
    {
        var secret = Path.Combine(folder, "secret");
        File.WriteAllText(secret, "not the tool's");
        File.CreateSymbolicLink(Path.Combine(folder, "out"), secret);

        Assert.Null(ToolOutput.Find(folder, "out"));
    }

    [Fact]
    public async Task Find_APipe_IsNothing()
    {
        using var mkfifo = Process.Start("mkfifo", [Path.Combine(folder, "out")]);
        await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, mkfifo.ExitCode);

        Assert.Null(ToolOutput.Find(folder, "out"));
    }

    [Fact]
    public void Find_AFolderOrAnEmptyFileOrNone_IsNothing()
    {
        Directory.CreateDirectory(Path.Combine(folder, "folder"));
        File.WriteAllText(Path.Combine(folder, "empty"), "");

        Assert.All(new[] { "folder", "empty", "none" }, name => Assert.Null(ToolOutput.Find(folder, name)));
    }
}
