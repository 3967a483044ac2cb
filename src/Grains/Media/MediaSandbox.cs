using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Media;

/// <summary>
/// Runs ffprobe and ffmpeg on files nobody vouches for: no network, one read-only input, one output folder,
/// no capabilities, an empty environment, bounded memory, processor time, time, file size and output. Where
/// <see cref="MediaSandboxOptions.Required"/> says so, only the bounds are left of that.
/// </summary>
internal sealed class MediaSandbox(IOptions<MediaSandboxOptions> options, TimeProvider time)
{
    private readonly MediaSandboxOptions options = options.Value;

    /// <summary>Runs a tool to its end. When this returns or throws, none of the run's processes is alive.</summary>
    /// <param name="tool">Which tool.</param>
    /// <param name="arguments">Its arguments; the files are named by <see cref="SandboxCommand.Input"/> and <see cref="SandboxCommand.OutputFolder"/>.</param>
    /// <param name="inputPath">The one file it may read, if any.</param>
    /// <param name="outputFolder">The one folder it may write to, if any.</param>
    /// <param name="cancellationToken">Kills the run.</param>
    /// <exception cref="TimeoutException">The wall-clock limit ended it.</exception>
    /// <exception cref="SandboxUnavailableException">The sandbox could not be set up; the tool did not run.</exception>
    /// <exception cref="MediaToolDisturbedException">This machine, and not the file, kept the tool from its end.</exception>
    public async Task<ToolResult> Run(
        MediaTool tool, IReadOnlyList<string> arguments, string? inputPath, string? outputFolder, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = new Process { StartInfo = SandboxCommand.Build(options, tool, inputPath, outputFolder, arguments) };
        var started = Stopwatch.GetTimestamp();
        var exited = await SandboxThread.Start(process, "Media tool");

        using var clock = new CancellationTokenSource(options.WallTime, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, clock.Token);
        using var kill = end.Token.UnsafeRegister(static process => SandboxThread.Kill((Process)process!), process);

        process.StandardInput.Close();
        var output = CapturedText.Read(process.StandardOutput.BaseStream, options.OutputSize);
        var errors = CapturedText.Read(process.StandardError.BaseStream, options.OutputSize);
        await Task.WhenAll(exited, output, errors);

        cancellationToken.ThrowIfCancellationRequested();
        if (clock.IsCancellationRequested)
            throw new TimeoutException($"{tool} was ended after {options.WallTime}.");

        var result = new ToolResult(process.ExitCode, await output, await errors);
        if (!result.Succeeded && SandboxUnavailableException.Of(result.Errors.Text) is { } unavailable)
            throw unavailable;
        ThrowIfDisturbed(tool, result, Stopwatch.GetElapsedTime(started));
        return result;
    }

    /// <summary>Runs both tools once and throws, with a sentence that says what to install or allow, if they cannot run.</summary>
    public async Task CheckHealth(CancellationToken cancellationToken)
    {
        Require(options.Prlimit, "util-linux");
        if (options.Required)
            Require(options.Bwrap, "bubblewrap");
        Require(options.Ffprobe, "ffmpeg");
        Require(options.Ffmpeg, "ffmpeg");

        foreach (var tool in Enum.GetValues<MediaTool>())
        {
            var result = await Run(tool, ["-version"], inputPath: null, outputFolder: null, cancellationToken);
            if (!result.Succeeded)
                throw new SandboxUnavailableException(
                    $"{tool} does not run in the media sandbox (exit code {result.ExitCode}): {result.Errors.Text.Trim()} "
                    + $"Install the package 'ffmpeg' again, or raise the limits in '{MediaSandboxOptions.Section}'.");
        }
    }

    private static void Require(string path, string package)
    {
        if (!File.Exists(path))
            throw new SandboxUnavailableException($"'{path}' is missing. Install the package '{package}', or set its path in '{MediaSandboxOptions.Section}'.");
    }

    private void ThrowIfDisturbed(MediaTool tool, ToolResult result, TimeSpan elapsed)
    {
        // The tools decode on one thread; with those that read and write beside it they use up two processors at the most.
        if (result.WasKilled && elapsed * 2 < options.CpuTime)
            throw new MediaToolDisturbedException($"{tool} was killed after {elapsed}, long before its limit of processor time; was the machine out of memory?");
        if (result.WasToldToEnd)
            throw new MediaToolDisturbedException($"{tool} was told to end (exit code {result.ExitCode}).") { WasToldToEnd = true };
        if (result.HadNoRoom)
            throw new MediaToolDisturbedException($"{tool} had no room to write.");
    }
}
