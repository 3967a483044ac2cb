using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace AX2Caption.Scenarios.Uploads;

/// <summary>
/// The program <c>tus-js-client</c> as its authors publish it, run by Node; <c>./ax2 test</c> has installed it in
/// <c>.ax2/tus-js-client</c>.
/// </summary>
internal sealed class TusJsClient : IAsyncDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(3);

    private readonly Process process;

    private TusJsClient(Process process) => this.process = process;

    /// <summary>Begins to upload a file.</summary>
    /// <param name="endpoint">Where uploads are created.</param>
    /// <param name="token">The access token.</param>
    /// <param name="file">The file.</param>
    /// <param name="pieceBytes">How much one request sends; all of it if it is null.</param>
    /// <param name="pauseAt">How much is accepted when the client pauses; null: it does not.</param>
    public static TusJsClient Start(Uri endpoint, string token, string file, int? pieceBytes = null, long? pauseAt = null)
    {
        var modules = Path.Combine(Repository(), ".ax2", "tus-js-client", "node_modules");
        Assert.True(Directory.Exists(modules), $"{modules} is missing: ./ax2 test installs it.");
        var script = Path.Combine(Repository(), "tests", "Scenarios", "Uploads", "tus-js-client", "upload.cjs");
        return new TusJsClient(Process.Start(new ProcessStartInfo(
            "node", [script, modules, endpoint.AbsoluteUri, token, file, $"{pieceBytes}", $"{pauseAt}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!);
    }

    /// <summary>Reads what the client says until it says this.</summary>
    /// <returns>All that it said meanwhile, the last included.</returns>
    public async Task<IReadOnlyList<Saying>> Until(string saying, Func<Saying, bool>? wanted = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Within);
        var said = new List<Saying>();
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            said.Add(JsonSerializer.Deserialize<Saying>(line, JsonSerializerOptions.Web)!);
            if (said[^1].Event == saying && (wanted?.Invoke(said[^1]) ?? true))
                return said;
            Assert.False(said[^1].Event == "failed", said[^1].Message);
        }

        throw new InvalidOperationException($"The client ended without saying '{saying}'. It said: {string.Join(", ", said)}.");
    }

    public async Task Tell(string line) => await process.StandardInput.WriteLineAsync(line.AsMemory(), TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        process.Kill();
        process.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(here, "..", "..", "..", ".."));

    /// <summary>A line of the client's output.</summary>
    internal sealed record Saying(string Event, long Accepted = 0, int Status = 0, string? Url = null, string? Message = null);
}
