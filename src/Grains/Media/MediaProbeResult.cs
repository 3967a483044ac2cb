namespace AX2Caption.Grains.Media;

/// <summary>What became of a probe.</summary>
internal abstract record MediaProbeResult
{
    private MediaProbeResult()
    {
    }

    /// <summary>The file can be captioned.</summary>
    internal sealed record Playable(MediaInfo Info) : MediaProbeResult;

    /// <summary>The file cannot be captioned, and trying again would not change that.</summary>
    /// <param name="Code">One of <see cref="MediaRejection"/>.</param>
    /// <param name="Detail">A sentence for whoever sent the file.</param>
    internal sealed record Rejected(string Code, string Detail) : MediaProbeResult;
}
