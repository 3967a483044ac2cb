using System.Text.RegularExpressions;

namespace AX2Caption.Architecture.Tests;

public sealed partial class MigrationTests
{
    private static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Repository.PathOf("deploy/migrations")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    [Fact]
    public void Migrations_AreNamedByNumberAndSubject() =>
        Assert.All(Names, name => Assert.Matches(NamePattern(), name));

    [Fact]
    public void Migrations_AreNumberedFromOneWithoutGapsOrRepeats()
    {
        var numbers = Names.Select(name => name[..4]).ToArray();

        Assert.NotEmpty(numbers);
        Assert.Equal(Enumerable.Range(1, numbers.Length).Select(number => $"{number:0000}"), numbers);
    }

    [GeneratedRegex(@"^\d{4}_[a-z0-9_]+\.sql$")]
    private static partial Regex NamePattern();
}
