using System.ComponentModel;
using System.Runtime.InteropServices;

namespace AX2Caption.Storage;

/// <summary>The few calls of the operating system that .NET does not offer, or not with the guarantee needed here.</summary>
internal static partial class Posix
{
    private const int NoEntry = 2;
    private const int WouldBlock = 11;
    private const int OpenReadOnlyCloseOnExec = 0x80000;

    /// <summary>Whether a file could not be opened since another process has it locked.</summary>
    public static bool IsLocked(IOException exception) => exception.HResult == WouldBlock;

    /// <summary>Renames atomically, replacing the target. (<c>File.Move</c> would fall back to a copy, which is not atomic.)</summary>
    /// <returns>False if the source or the target's folder is not there.</returns>
    public static bool Rename(string source, string target) => Succeeded(rename(source, target), "rename", target);

    /// <summary>Makes a second name for a file.</summary>
    /// <returns>False if that cannot be done, for whatever reason: file systems and kernels have many.</returns>
    public static bool TryLink(string existing, string path) => link(existing, path) == 0;

    /// <summary>Removes a folder if it is empty.</summary>
    /// <returns>False if it stays.</returns>
    public static bool TryRemoveDirectory(string path) => rmdir(path) == 0;

    /// <summary>Makes the names in a folder survive a power failure; a folder that is gone has none to keep.</summary>
    public static void SyncDirectory(string path)
    {
        var descriptor = open(path, OpenReadOnlyCloseOnExec);
        if (!Succeeded(descriptor, "open", path))
            return;
        try
        {
            Succeeded(fsync(descriptor), "fsync", path);
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    private static bool Succeeded(int result, string call, string path)
    {
        if (result >= 0)
            return true;
        var error = Marshal.GetLastPInvokeError();
        if (error == NoEntry)
            return false;
        throw new IOException($"{call} of '{path}' failed: {new Win32Exception(error).Message}.", error);
    }

#pragma warning disable IDE1006 // The names are those of the C library.
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rename(string source, string target);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string existing, string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rmdir(string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);
#pragma warning restore IDE1006
}
