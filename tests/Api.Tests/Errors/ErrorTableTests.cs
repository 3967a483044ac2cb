using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using AX2Caption.Api.Errors;

namespace AX2Caption.Api.Tests.Errors;

public sealed partial class ErrorTableTests
{
    [Fact]
    public void Codes_AreUniqueAndSnakeCase()
    {
        Assert.Equal(ErrorTable.All.Count, ErrorTable.All.Select(error => error.Code).Distinct().Count());
        Assert.All(ErrorTable.All, error => Assert.Matches("^[a-z]+(_[a-z]+)*$", error.Code));
    }

    [Fact]
    public void Documentation_ListsTheTableAndNothingElse()
    {
        var documented = File.ReadLines(Path.Combine(Repository(), "docs", "errors.md"))
            .Select(line => Row().Match(line))
            .Where(match => match.Success)
            .Select(match => new Error(
                match.Groups["code"].Value, match.Groups["title"].Value, int.Parse(match.Groups["status"].Value, CultureInfo.InvariantCulture)));

        Assert.Equal(ErrorTable.All, documented);
    }

    private static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(here, "..", "..", "..", ".."));

    [GeneratedRegex(@"^\| (?<status>\d{3}) \| `(?<code>[a-z_]+)` \| (?<title>[^|]+?) \|")]
    private static partial Regex Row();
}
