using System.Diagnostics;
using System.Xml.Linq;

namespace AX2Caption.Architecture.Tests;

/// <summary>The repository these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceProject> Projects { get; } =
        [.. new[] { "src", "tests" }
            .SelectMany(folder => Directory.EnumerateDirectories(Path.Join(Root, folder)))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj"))
            .Select(path => new SourceProject(path))
            .OrderBy(project => project.Name, StringComparer.Ordinal)];

    public static SourceProject Project(string name) => Projects.Single(project => project.Name == name);

    public static string PathOf(string relative) => Path.Join(Root, relative);

    /// <summary>The paths git knows or would add, from the root.</summary>
    public static async Task<IReadOnlyList<string>> Files(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("git", ["-C", Root, "-c", $"safe.directory={Root}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            RedirectStandardOutput = true,
        };
        using var git = Process.Start(start)!;
        var output = await git.StandardOutput.ReadToEndAsync(cancellationToken);
        await git.WaitForExitAsync(cancellationToken);
        Assert.Equal(0, git.ExitCode);
        return [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(path => File.Exists(PathOf(path)))];
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Join(folder.FullName, "AX2Caption.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("No folder above the tests holds AX2Caption.sln.");
    }
}

/// <summary>A project as its file describes it.</summary>
internal sealed class SourceProject(string path)
{
    private readonly XDocument _file = XDocument.Load(path);

    public string Name { get; } = System.IO.Path.GetFileNameWithoutExtension(path);

    public string Path { get; } = path;

    public string Folder { get; } = System.IO.Path.GetDirectoryName(path)!;

    public IEnumerable<string> ProjectReferences =>
        Includes("ProjectReference").Select(include => System.IO.Path.GetFileNameWithoutExtension(include)).Order(StringComparer.Ordinal);

    public IEnumerable<string> PackageReferences => Includes("PackageReference").Order(StringComparer.Ordinal);

    private IEnumerable<string> Includes(string item) =>
        _file.Descendants(item).Select(element => (string?)element.Attribute("Include")).OfType<string>();
}
