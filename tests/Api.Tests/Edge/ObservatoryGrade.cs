using System.Diagnostics;
using System.Runtime.CompilerServices;
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

    private static readonly TimeSpan Within = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("/v1/credits", 401)]
    [InlineData("/openapi/v1.json", 200)]
    [InlineData("/docs/", 200)]
    public async Task Is_the_best_there_is(string path, int status)
    {
        using var report = JsonDocument.Parse(await Scan($"localhost:{api.Public.Port}{path}"));

        Assert.True(report.RootElement.TryGetProperty("scan", out var scan), report.RootElement.GetRawText());
        Assert.Equal(status, scan.GetProperty("statusCode").GetInt32());
        Assert.Equal(
            "A+",
            $"{scan.GetProperty("grade").GetString()}{string.Join("", report.RootElement.GetProperty("tests").EnumerateObject().Where(test => !test.Value.GetProperty("pass").GetBoolean()))}");
        Assert.Equal(0, scan.GetProperty("testsFailed").GetInt32());
        Assert.Equal(10, scan.GetProperty("testsPassed").GetInt32());
        Assert.Equal("redirection-to-https", report.RootElement.GetProperty("tests").GetProperty("redirection").GetProperty("result").GetString());
        Assert.Equal(
            "hsts-implemented-max-age-at-least-six-months",
            report.RootElement.GetProperty("tests").GetProperty("strict-transport-security").GetProperty("result").GetString());
    }

    private async Task<string> Scan(string site)
    {
        var script = Path.Combine(Repository(), ".ax2", "observatory", Scanner);
        Assert.True(File.Exists(script), $"{script} is missing: ./ax2 test installs it.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Within);
        using var process = Process.Start(new ProcessStartInfo("node", [script, site])
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
