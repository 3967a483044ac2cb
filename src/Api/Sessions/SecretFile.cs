namespace AX2Caption.Api.Sessions;

/// <summary>A file that only its owner can read.</summary>
internal static class SecretFile
{
    /// <summary>Writes it. It appears whole or not at all, and never replaces another one.</summary>
    /// <returns>Whether it was written; false where a file already stands.</returns>
    public static bool Create(string path, string content)
    {
        if (File.Exists(path))
            return false;

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var draft = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.CreateVersion7():N}");
        try
        {
            var ownerOnly = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using (var file = new StreamWriter(draft, ownerOnly))
            {
                file.WriteLine(content);
                file.Flush();
                ((FileStream)file.BaseStream).Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster; its file counts.
            return false;
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
