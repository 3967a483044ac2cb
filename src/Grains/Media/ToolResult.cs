namespace AX2Caption.Grains.Media;

/// <summary>How a sandboxed tool ended by itself or by one of its resource limits.</summary>
/// <param name="ExitCode">The tool's own, or 128 + the signal that ended it.</param>
/// <param name="Output">Its standard output, up to the bound.</param>
/// <param name="Errors">Its standard error, up to the bound.</param>
internal sealed record ToolResult(int ExitCode, CapturedText Output, CapturedText Errors)
{
    private const int KilledExitCode = 128 + 9;
    private const int FileSizeExitCode = 128 + 25;

    private static readonly string[] NoRoom = ["No space left on device", "Disk quota exceeded"];

    public bool Succeeded => ExitCode == 0;

    public bool HitLimit => WasKilled || ExitCode == FileSizeExitCode;

    /// <summary>By the limit of processor time, or by somebody: the kernel that is out of memory, an operator.</summary>
    public bool WasKilled => ExitCode == KilledExitCode;

    /// <summary>Asked to end, as all processes of a service are when it stops. ffmpeg takes the signal and ends with a code of its own.</summary>
    public bool WasToldToEnd => ExitCode is 128 + 1 or 128 + 2 or 128 + 15 or 255;

    /// <summary>By the C library's words, which the tools pass on.</summary>
    public bool HadNoRoom => !Succeeded && NoRoom.Any(words => Errors.Text.Contains(words, StringComparison.Ordinal));
}
