using System.Text.RegularExpressions;

namespace AX2Caption.Architecture.Tests;

/// <summary>Whoever reads why a job failed or a video was rejected finds the code in docs/jobs.md, and no code there that is none.</summary>
public sealed partial class FailureCodeTests
{
    private static string Grains => Repository.PathOf("src/Grains");

    [Fact]
    public void Codes_OfTheCodeAndOfThePage_AreTheSame()
    {
        var used = Directory.EnumerateFiles(Grains, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .SelectMany(path => CodesOf(File.ReadAllText(path)))
            .Distinct().Order(StringComparer.Ordinal).ToList();
        var page = File.ReadAllText(Repository.PathOf("docs/jobs.md"));
        var listed = TableRow().Matches(page[page.IndexOf("## Reasons", StringComparison.Ordinal)..]).Select(row => row.Groups[1].Value)
            .Distinct().Order(StringComparer.Ordinal);

        Assert.Contains("worker_lost", used);
        Assert.Contains("not_media", used);
        Assert.Equal(used, listed);
    }

    [Theory]
    [InlineData("""throw new TaskFailedException(new Failure("engine_gone", $"No."), retryable: false);""", "engine_gone")]
    [InlineData("private static readonly Failure Lost =\n        new(\"too_late\", \"No.\");", "too_late")]
    [InlineData("""internal static class MediaRejection { public const string NotMedia = "not_media"; }""", "not_media")]
    [InlineData("""internal static class AuditKinds { public const string SignedIn = "signed_in"; }""", null)]
    [InlineData("""new Failure(row.GetString(15), row.GetString(16))""", null)]
    [InlineData("""new("job_is_alive", ["a"], sql)""", null)]
    public void Code_HoweverItIsWritten_IsSeen(string source, string? code) => Assert.Equal(code, CodesOf(source).SingleOrDefault());

    /// <summary>Of failures as they are made, and of the constants of <c>MediaRejection</c>.</summary>
    private static IEnumerable<string> CodesOf(string source) =>
    [
        .. Made().Matches(source).Select(match => match.Groups[1].Value),
        .. source.Contains("class MediaRejection", StringComparison.Ordinal) ? Constant().Matches(source).Select(match => match.Groups[1].Value) : [],
    ];

    [GeneratedRegex("""(?:new Failure|Failure \w+ =\s*new)\(\s*"([a-z_]+)",""")]
    private static partial Regex Made();

    [GeneratedRegex("""public const string \w+ = "([a-z]+_[a-z_]+)";""")]
    private static partial Regex Constant();

    [GeneratedRegex(@"^\| `([a-z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex TableRow();
}
