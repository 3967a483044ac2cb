using System.Diagnostics;
using System.Globalization;

namespace AX2Caption.Grains.Media;

/// <summary>The command line that runs one media tool with its limits, its few files and nothing else of this machine.</summary>
internal static class SandboxCommand
{
    /// <summary>Where a tool finds the file it is to read.</summary>
    public const string Input = "/in/source";

    /// <summary>Where a tool may write, if the run has an output folder.</summary>
    public const string OutputFolder = "/out";

    public static ProcessStartInfo Build(
        MediaSandboxOptions options, MediaTool tool, string? inputPath, string? outputFolder, IEnumerable<string> toolArguments)
    {
        var toolPath = tool == MediaTool.Ffprobe ? options.Ffprobe : options.Ffmpeg;
        IEnumerable<string> command = options.Required
            ? [options.Bwrap, .. Isolation, .. Files(inputPath, outputFolder), "--", toolPath, .. toolArguments]
            : [toolPath, .. toolArguments.Select(argument => OfThisMachine(argument, inputPath, outputFolder))];
        var start = new ProcessStartInfo(options.Prlimit, [.. Limits(options), "--", .. command])
        {
            WorkingDirectory = outputFolder ?? "/",
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        if (!options.Required)
            (start.Environment["PATH"], start.Environment["LC_ALL"]) = ("/usr/bin", "C.UTF-8");
        return start;
    }

    /// <summary>Without the sandbox its paths are those of the machine.</summary>
    private static string OfThisMachine(string argument, string? inputPath, string? outputFolder)
    {
        const string InputUrl = "file:" + Input;
        const string OutputUrl = $"file:{OutputFolder}/";
        if (argument == InputUrl && inputPath is not null)
            return "file:" + Path.GetFullPath(inputPath);
        return argument.StartsWith(OutputUrl, StringComparison.Ordinal) && outputFolder is not null
            ? "file:" + Path.Combine(Path.GetFullPath(outputFolder), argument[OutputUrl.Length..])
            : argument;
    }

    private static IEnumerable<string> Limits(MediaSandboxOptions options) =>
    [
        Limit("as", options.AddressSpace),
        // Soft and hard limit are one: ffmpeg catches the soft limit's signal and would go on.
        Limit("cpu", (long)Math.Ceiling(options.CpuTime.TotalSeconds)),
        Limit("fsize", options.FileSize),
        Limit("nofile", options.OpenFiles),
        Limit("core", 0),
    ];

    private static string Limit(string resource, long value) => string.Create(CultureInfo.InvariantCulture, $"--{resource}={value}:{value}");

    private static readonly string[] Isolation =
    [
        "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
        "--clearenv", "--setenv", "PATH", "/usr/bin", "--setenv", "LC_ALL", "C.UTF-8",
        "--ro-bind", "/usr", "/usr",
        "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
        "--ro-bind-try", "/etc/alternatives", "/etc/alternatives", "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache",
        "--dev", "/dev",
    ];

    private static IEnumerable<string> Files(string? inputPath, string? outputFolder)
    {
        if (inputPath is not null)
            foreach (var argument in (string[])["--ro-bind", Path.GetFullPath(inputPath), Input])
                yield return argument;
        if (outputFolder is not null)
            foreach (var argument in (string[])["--bind", Path.GetFullPath(outputFolder), OutputFolder, "--chdir", OutputFolder])
                yield return argument;
    }
}
