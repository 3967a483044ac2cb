using System.Diagnostics;
using AX2Caption.Grains.Media;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Tests.Media;

/// <summary>The media services with limits of a test's choice.</summary>
internal static class MediaFixture
{
    public static MediaSandbox Sandbox(MediaSandboxOptions? options = null, TimeProvider? time = null) =>
        new(Options.Create(options ?? new MediaSandboxOptions()), time ?? TimeProvider.System);

    public static MediaProbe Probe(MediaOptions? options = null, MediaSandboxOptions? sandbox = null) =>
        new(Sandbox(sandbox), Options.Create(options ?? new MediaOptions()));

    public static AudioExtractor Extractor(MediaSandboxOptions? sandbox = null, MediaOptions? options = null) =>
        new(Sandbox(sandbox), Options.Create(options ?? new MediaOptions()));

    public static Thumbnailer Thumbnailer(MediaOptions? options = null, MediaSandboxOptions? sandbox = null, TimeProvider? time = null) =>
        new(Sandbox(sandbox, time), Options.Create(options ?? new MediaOptions()));

    /// <summary>The running processes that were told of a file or folder.</summary>
    public static IReadOnlyList<int> ProcessesNaming(string mark) =>
        [.. Process.GetProcesses().Select(process => process.Id).Where(id => CommandLine(id).Contains(mark, StringComparison.Ordinal))];

    private static string CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            // Gone between the list and the look.
            return "";
        }
    }
}
