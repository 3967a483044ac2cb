using DbUp.Engine;

namespace AX2Caption.Silo.Migrations;

/// <summary>The scripts of <c>deploy/migrations</c>, embedded in this assembly, in the order of their numbers.</summary>
internal static class MigrationScripts
{
    public static IReadOnlyList<SqlScript> All { get; } = [.. Read()];

    private static IEnumerable<SqlScript> Read()
    {
        var assembly = typeof(MigrationScripts).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return new SqlScript(name, reader.ReadToEnd());
        }
    }
}
