using System.Globalization;

namespace AX2Caption.Testing.Service;

/// <summary>What makes a process believe in another time of day than everybody else: Debian's libfaketime, loaded before the C library.</summary>
public static class ShiftedClock
{
    private const string Libraries = "/usr/lib";
    private const string Library = "faketime/libfaketimeMT.so.1";

    /// <summary>The environment of a process whose clock is ahead by so much, or behind; how long something takes is not changed.</summary>
    public static Dictionary<string, string> Settings(TimeSpan by) => new()
    {
        ["LD_PRELOAD"] = Path(),
        ["FAKETIME"] = string.Create(CultureInfo.InvariantCulture, $"{(by < TimeSpan.Zero ? "" : "+")}{by.TotalSeconds}s"),
        ["DONT_FAKE_MONOTONIC"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        // Meant for another libc: with it, waits of the runtime end early.
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
        // Else each process leaves a file in memory when it is killed.
        ["FAKETIME_DISABLE_SHM"] = "1",
    };

    private static string Path() =>
        Directory.GetDirectories(Libraries, "*-linux-gnu*").Select(folder => System.IO.Path.Combine(folder, Library)).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException($"'{Library}' is nowhere below '{Libraries}'. Install the package 'libfaketime'.");
}
