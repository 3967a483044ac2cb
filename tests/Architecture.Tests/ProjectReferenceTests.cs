using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace AX2Caption.Architecture.Tests;

/// <summary>
/// Who may know whom: Captions, Storage ← Grains, Api. Grains.Abstractions ← Grains ← Silo; Grains.Abstractions ← Api.
/// Api never sees Grains; ServiceDefaults serves both hosts.
/// </summary>
public sealed class ProjectReferenceTests
{
    private const string Prefix = "AX2Caption.";

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Captions"] = [],
        ["Storage"] = [],
        ["ServiceDefaults"] = [],
        ["Grains.Abstractions"] = [],
        ["Grains"] = ["Captions", "Grains.Abstractions", "Storage"],
        ["Silo"] = ["Grains", "ServiceDefaults"],
        ["Api"] = ["Captions", "Grains.Abstractions", "ServiceDefaults", "Storage"],
    };

    public static TheoryData<string> Sources => [.. Allowed.Keys];

    [Fact]
    public void Sources_AreTheOnesWithARule() =>
        Assert.Equal(
            Allowed.Keys.Order(StringComparer.Ordinal),
            Directory.EnumerateDirectories(Repository.PathOf("src")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Sources))]
    public void ProjectFile_ReferencesNoProjectBeyondItsRule(string name) =>
        Assert.Empty(Repository.Project(name).ProjectReferences.Except(Allowed[name]));

    [Theory]
    [MemberData(nameof(Sources))]
    public void Assembly_ReferencesNoProjectBeyondItsRule(string name)
    {
        // The rule covers what comes along with a reference, too: it is what the compiler let the code use.
        var reachable = Reachable(name);

        Assert.Empty(AssemblyReferences(name).Except(reachable));
    }

    [Fact]
    public void Api_CannotReachGrains() => Assert.DoesNotContain("Grains", Reachable("Api"));

    [Fact]
    public void GrainsAbstractions_NeedsTheOrleansSdkOnly() =>
        Assert.Equal(["Microsoft.Orleans.Sdk"], Repository.Project("Grains.Abstractions").PackageReferences);

    [Fact]
    public void Captions_NeedsNoPackage() => Assert.Empty(Repository.Project("Captions").PackageReferences);

    private static HashSet<string> Reachable(string name) =>
        [.. Allowed[name].SelectMany(reference => Reachable(reference).Append(reference))];

    private static List<string> AssemblyReferences(string name)
    {
        var output = Path.GetRelativePath(Repository.PathOf("tests/Architecture.Tests"), AppContext.BaseDirectory);
        var path = Path.Join(Repository.Project(name).Folder, output, $"{Prefix}{name}.dll");
        Assert.SkipUnless(File.Exists(path), $"{name} is not built.");

        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        Assert.Equal(Prefix + name, metadata.GetString(metadata.GetAssemblyDefinition().Name));
        return [.. metadata.AssemblyReferences
            .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))
            .Where(reference => reference.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(reference => reference[Prefix.Length..])];
    }
}
