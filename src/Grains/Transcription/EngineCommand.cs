using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using AX2Caption.Grains.Media;

namespace AX2Caption.Grains.Transcription;

/// <summary>
/// The command line that runs the offline engine's program with its limits: no network, nothing of this machine but its program, without the
/// settings that lie beside it, and its model, all of it read-only, no capabilities, an empty environment, bounded memory. Where the media sandbox is not required, only the bound is left.
/// </summary>
internal static class EngineCommand
{
    private const string Program = "AX2Caption.Silo.dll";

    // Twelve times what an engine takes: the runtime reserves far more addresses than it ever uses.
    private const long AddressSpace = 2L << 30;

    // A chunk and its copies are some megabytes. The decoder's memory is not the runtime's and does not count here.
    private const string HeapLimit = "0x8000000";

    private static readonly Dictionary<string, string> Environment = new()
    {
        ["PATH"] = "/usr/bin",
        ["LC_ALL"] = "C.UTF-8",
        ["DOTNET_ROOT"] = DotnetRoot,
        ["DOTNET_GCHeapHardLimit"] = HeapLimit,
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_gcConcurrent"] = "0",
        // It opens a socket in the temporary folder, which is not there.
        ["DOTNET_EnableDiagnostics"] = "0",
        ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1",
    };

    /// <summary>Where the runtime that runs this process is installed: the one that the program runs with too.</summary>
    private static string DotnetRoot => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    public static ProcessStartInfo Build(MediaSandboxOptions sandbox, string modelPath)
    {
        var model = Path.GetFullPath(modelPath);
        string[] program = [Path.Combine(DotnetRoot, "dotnet"), Path.Combine(AppContext.BaseDirectory, Program), .. PocketSphinxProgram.Command, model];
        string[] command = sandbox.Required ? [sandbox.Bwrap, .. Isolation(model), "--", .. program] : program;
        var start = new ProcessStartInfo(sandbox.Prlimit, [Limit("as", AddressSpace), Limit("core", 0), "--", .. command])
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        return start;
    }

    private static IEnumerable<string> Isolation(string model) =>
    [
        "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
        "--ro-bind", "/usr", "/usr",
        "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
        "--ro-bind-try", "/etc/alternatives", "/etc/alternatives", "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache",
        // The runtime does not start without /proc; this one shows the sandbox's own processes only.
        "--dev", "/dev", "--proc", "/proc",
        .. ProgramFiles(AppContext.BaseDirectory), .. ReadOnly(DotnetRoot), .. ReadOnly(model), "--remount-ro", AppContext.BaseDirectory,
    ];

    /// <summary>
    /// In the program's folder there is nothing but the program: settings with their secrets, and whatever else may lie there, do not come into the
    /// sandbox, not even where the folder is below one that does.
    /// </summary>
    private static IEnumerable<string> ProgramFiles(string folder) =>
    [
        "--tmpfs", folder,
        .. Directory.EnumerateFiles(folder).Where(IsOfProgram).SelectMany(ReadOnly), .. ReadOnly(Path.Combine(folder, "runtimes")),
    ];

    private static bool IsOfProgram(string path) =>
        Path.GetExtension(path) is ".dll" or ".so" || path.EndsWith(".deps.json", StringComparison.Ordinal) || path.EndsWith(".runtimeconfig.json", StringComparison.Ordinal);

    private static string[] ReadOnly(string path) => ["--ro-bind-try", path, path];

    private static string Limit(string resource, long value) => string.Create(CultureInfo.InvariantCulture, $"--{resource}={value}:{value}");
}
