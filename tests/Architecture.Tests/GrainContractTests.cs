namespace AX2Caption.Architecture.Tests;

/// <summary>
/// The analyzer compares the grain interfaces with the manifest in every build; these tests hold that it has one and is on.
/// The manifest's head tells how to renew it after a change that is meant.
/// </summary>
public sealed class GrainContractTests
{
    private static string Manifest => Path.Join(Repository.Project("Grains.Abstractions").Folder, "OrleansContracts.txt");

    [Fact]
    public void Manifest_ListsEveryGrainInterface()
    {
        var declared = File.ReadLines(Manifest)
            .Where(line => line.StartsWith("interface ", StringComparison.Ordinal))
            .Select(line => line.Split("] ")[1].Split(' ')[0].Split('.')[^1]);
        var written = Directory.EnumerateFiles(Path.GetDirectoryName(Manifest)!, "I*Grain.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetFileNameWithoutExtension(path));

        Assert.Empty(written.Except(declared));
        Assert.NotEmpty(written);
    }

    [Fact]
    public void Analyzer_IsOnAndInsistsOnItsManifest()
    {
        var project = File.ReadAllText(Repository.Project("Grains.Abstractions").Path);

        Assert.Contains("<EnableOrleansContractsAnalyzer>true</EnableOrleansContractsAnalyzer>", project, StringComparison.Ordinal);
        Assert.Contains("ORLEANS0020</WarningsAsErrors>", project, StringComparison.Ordinal);
    }
}
