namespace AX2Caption.Grains.Media;

/// <summary>How a sandboxed tool ended by itself or by one of its resource limits.</summary>
/// <param name="ExitCode">The tool's own, or 128 + the signal that ended it.</param>
/// <param name="Output">Its standard output, up to the bound.</param>
/// <param name="Errors">Its standard error, up to the bound.</param>
internal sealed record ToolResult(int ExitCode, CapturedText Output, CapturedText Errors)
{
    private const int KilledExitCode = 128 + 9;
    private const int FileSizeExitCode = 128 + 25;

    public bool Succeeded => ExitCode == 0;

    public bool HitLimit => ExitCode is KilledExitCode or FileSizeExitCode;
}
