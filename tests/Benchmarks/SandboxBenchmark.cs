using System.Diagnostics;
using System.Globalization;
using AX2Caption.Grains.Media;
using AX2Caption.Testing;
using Microsoft.Extensions.Options;

namespace AX2Caption.Benchmarks;

/// <summary>The same ffprobe, with the same arguments, on the same file: in the sandbox and without it.</summary>
internal sealed class SandboxBenchmark : IBenchmark
{
    private const int WarmUps = 3;
    private const int Pairs = 40;

    private readonly MediaSandboxOptions options = new();

    public string Name => "sandbox";

    public string Summary => "what the media sandbox adds to reading a file's headers with ffprobe";

    public async Task<IReadOnlyList<Figure>> Run(TextWriter output, CancellationToken cancellationToken)
    {
        using var folder = new WorkFolder();
        var video = folder.File("sample.mp4");
        await SampleSpeech.WriteVideo(video, cancellationToken: cancellationToken);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"The sample has {new FileInfo(video).Length / 1024} KiB. {Pairs} pairs of runs after {WarmUps} to warm up, the order changing from pair to pair."));

        var sandbox = new MediaSandbox(Options.Create(options), TimeProvider.System);
        var sandboxed = new List<double>();
        var bare = new List<double>();
        for (var pair = -WarmUps; pair < Pairs; pair++)
        {
            var sandboxFirst = pair % 2 == 0;
            var first = await Timed(sandboxFirst ? Sandboxed : Bare);
            var second = await Timed(sandboxFirst ? Bare : Sandboxed);
            if (first.Report != second.Report)
                throw new InvalidOperationException($"ffprobe's answers differ:\n{first.Report}\n{second.Report}");
            if (pair < 0)
                continue;

            sandboxed.Add(sandboxFirst ? first.Milliseconds : second.Milliseconds);
            bare.Add(sandboxFirst ? second.Milliseconds : first.Milliseconds);
        }

        output.WriteLine($"With the sandbox: {Spread(sandboxed)}. Without: {Spread(bare)}.");
        var (sandboxedMs, bareMs) = (Quantile(sandboxed, 0.5), Quantile(bare, 0.5));
        return [new("ratio", sandboxedMs / bareMs), new("sandboxedMs", sandboxedMs), new("bareMs", bareMs)];

        async Task<string> Sandboxed()
        {
            var result = await sandbox.Run(MediaTool.Ffprobe, Arguments(SandboxCommand.Input), video, outputFolder: null, cancellationToken);
            return result.Succeeded ? result.Output.Text : throw new InvalidOperationException($"ffprobe failed in the sandbox: {result.Errors.Text}");
        }

        Task<string> Bare() => BareFfprobe(Arguments(video), cancellationToken);
    }

    /// <summary>What the probe of an upload asks for, with the file where this run finds it.</summary>
    private static IReadOnlyList<string> Arguments(string input) =>
    [
        .. UntrustedInput.ForFfprobe(new MediaOptions()).SkipLast(1), $"file:{input}",
        "-show_entries", FfprobeReport.Entries, "-of", "json",
    ];

    private async Task<string> BareFfprobe(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(options.Ffprobe, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        var report = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? await report : throw new InvalidOperationException($"ffprobe failed: {await errors}");
    }

    private static async Task<(string Report, double Milliseconds)> Timed(Func<Task<string>> probe)
    {
        var start = Stopwatch.GetTimestamp();
        var report = await probe();
        return (report, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    private static string Spread(List<double> milliseconds) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Quantile(milliseconds, 0.5):0} ms (middle half {Quantile(milliseconds, 0.25):0} to {Quantile(milliseconds, 0.75):0})");

    private static double Quantile(List<double> values, double share) => values.Order().ElementAt((int)(share * (values.Count - 1)));
}
