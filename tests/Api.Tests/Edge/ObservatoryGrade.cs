using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using AX2Caption.Api.Tests.Fixtures;

namespace AX2Caption.Api.Tests.Edge;

/// <summary>
/// What Mozilla's HTTP Observatory says of the running Api: its own program, unchanged, which <c>./ax2 test</c> has installed in
/// <c>.ax2/observatory</c>. It wants HTTP and HTTPS of one host and has no argument for their ports, so both are on one port here.
/// </summary>
[Collection(GuardedApiTests.Name)]
public sealed class ObservatoryGrade(GuardedApi api)
{
    private const string Scanner = "node_modules/@mdn/mdn-http-observatory/src/scan.js";

    /// <summary>The one that comes with Playwright: Debian 12's own, version 18, is too old for the scanner.</summary>
    private static readonly string Node = Path.Combine(
        AppContext.BaseDirectory, ".playwright", "node", $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}", "node");

    private static readonly TimeSpan Within = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("/v1/credits", 401)]
    [InlineData("/openapi/v1.json", 200)]
    [InlineData("/docs/", 200)]
    public async Task Is_the_best_there_is(string path, int status)
    {
        using var report = JsonDocument.Parse(await Scan($"localhost:{api.Public.Port}{path}"));

        Assert.True(report.RootElement.TryGetProperty("scan", out var scan), report.RootElement.GetRawText());
        var tests = report.RootElement.GetProperty("tests").EnumerateObject().ToDictionary(test => test.Name, test => test.Value);
        Assert.Empty(tests.Where(test => !test.Value.GetProperty("pass").GetBoolean()).Select(test => Result(test.Key)));
        Assert.Equal("A+", scan.GetProperty("grade").GetString());
        Assert.Equal((status, 10), (scan.GetProperty("statusCode").GetInt32(), scan.GetProperty("testsPassed").GetInt32()));
        // Not because there would have been nothing to redirect or to promise.
        Assert.Equal("redirection-to-https", Result("redirection"));
        Assert.Equal("hsts-implemented-max-age-at-least-six-months", Result("strict-transport-security"));

        string? Result(string test) => tests[test].GetProperty("result").GetString();
    }

    private async Task<string> Scan(string site)
    {
        var script = Path.Combine(Repository(), ".ax2", "observatory", Scanner);
        Assert.True(File.Exists(script), $"{script} is missing: ./ax2 test installs it.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Within);
        using var process = Process.Start(new ProcessStartInfo(Node, [script, site])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // The scanner checks certificates as a browser would.
            Environment = { ["NODE_EXTRA_CA_CERTS"] = api.CertificatePath },
        })!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(output.Length > 0, await errors);
            return output;
        }
        finally
        {
            process.Kill();
        }
    }

    private static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(here, "..", "..", "..", ".."));
}
