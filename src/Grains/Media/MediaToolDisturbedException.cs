namespace AX2Caption.Grains.Media;

/// <summary>A tool was ended from outside, or had no room to write: that is this machine's fault and says nothing about the file.</summary>
internal sealed class MediaToolDisturbedException(string message) : Exception(message)
{
    /// <summary>As all processes of a service are when it stops.</summary>
    public bool WasToldToEnd { get; init; }
}
