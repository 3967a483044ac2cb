namespace AX2Caption.Grains.Media;

/// <summary>The sandbox itself cannot run here; the message says what to install or allow.</summary>
internal sealed class SandboxUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What the sandbox's own programs said instead of starting what they were to start; null if they are not who speaks.</summary>
    public static SandboxUnavailableException? Of(string complaint, Exception? inner = null) =>
        complaint.StartsWith("bwrap: ", StringComparison.Ordinal) || complaint.StartsWith("prlimit: ", StringComparison.Ordinal)
            ? new SandboxUnavailableException(
                $"The sandbox cannot be set up: {complaint.Trim()}. Install the packages 'bubblewrap' and 'util-linux', and allow "
                + "unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1) or run as a user who may create namespaces.", inner)
            : null;
}
