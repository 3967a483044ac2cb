using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace AX2Caption.Architecture.Tests;

public sealed partial class RepositoryTests
{
    public static TheoryData<string> Projects => [.. Repository.Projects.Select(project => project.Name)];

    [Fact]
    public void Solution_HoldsEveryProject()
    {
        var listed = SolutionEntry().Matches(File.ReadAllText(Repository.PathOf("AX2Caption.sln")))
            .Select(match => match.Groups["path"].Value.Replace('\\', '/'));
        var present = Repository.Projects.Select(project => Path.GetRelativePath(Repository.Root, project.Path));

        Assert.Equal(present.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_HasItsPackagesLocked(string name) =>
        Assert.True(File.Exists(Path.Join(Repository.Project(name).Folder, "packages.lock.json")));

    [Fact]
    public void PackageVersions_StandInOnePlace() =>
        Assert.All(Repository.Projects, project =>
            Assert.Empty(XDocument.Load(project.Path).Descendants("PackageReference").Attributes("Version")));

    [Fact]
    public async Task Files_HoldNoMachinesPathRegistryOrKey()
    {
        var offences = new List<string>();
        foreach (var path in await Repository.Files(TestContext.Current.CancellationToken))
        {
            var content = await File.ReadAllTextAsync(Repository.PathOf(path), TestContext.Current.CancellationToken);
            offences.AddRange(Forbidden().Matches(content).Select(match => $"{path}: {match.Value}"));
        }

        Assert.Empty(offences);
    }

    [GeneratedRegex(@"= ""[^""]+"", ""(?<path>[^""]+\.csproj)""")]
    private static partial Regex SolutionEntry();

    // Each alternative is written so that it does not match itself.
    [GeneratedRegex(@"(nuget\.[o]rg|registry\.[n]pmjs|pypi\.[o]rg|packageSource[s]>|-----BEGIN [A-Z ]*PRIVATE KE[Y]|/hom[e]/\w|/roo[t]/)")]
    private static partial Regex Forbidden();
}
