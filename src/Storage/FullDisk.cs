namespace AX2Caption.Storage;

/// <summary>Tells writes that failed for want of room from others.</summary>
public static class FullDisk
{
    // The operating system's numbers, which .NET passes on.
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    /// <summary>Whether a write failed since the file system is full, or its user's share of it.</summary>
    public static bool Caused(Exception exception) => exception is IOException { HResult: NoSpace or QuotaExceeded };
}
