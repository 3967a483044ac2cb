namespace AX2Caption.Grains.Tests.Media;

/// <summary>A folder that goes with its test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ax2-media-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string SubFolder(string name) => Directory.CreateDirectory(File(name)).FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
