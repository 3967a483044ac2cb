namespace AX2Caption.Grains.Media;

/// <summary>The sandbox itself cannot run here; the message says what to install or allow.</summary>
internal sealed class SandboxUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
