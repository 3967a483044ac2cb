namespace AX2Caption.Benchmarks;

/// <summary>A new folder below <c>$AX2_TEST_DIR</c> (the temp folder without that variable); disposing deletes it.</summary>
internal sealed class WorkFolder : IDisposable
{
    private readonly string path;

    public WorkFolder()
    {
        var root = Environment.GetEnvironmentVariable("AX2_TEST_DIR") is { Length: > 0 } given ? given : Path.GetTempPath();
        path = Directory.CreateDirectory(Path.Combine(root, $"benchmark-{Guid.CreateVersion7():N}")).FullName;
    }

    public string File(string name) => Path.Combine(path, name);

    public string Folder(string name) => Directory.CreateDirectory(File(name)).FullName;

    public void Dispose() => Directory.Delete(path, recursive: true);
}
