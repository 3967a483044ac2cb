namespace AX2Caption.Grains.Media;

/// <summary>
/// What a tool has written. Whoever took the tool over may have put something else there: a link would be followed outside the
/// sandbox, a pipe would keep its reader waiting for ever.
/// </summary>
internal static class ToolOutput
{
    /// <returns>Null unless it is an ordinary file with something in it. The tool is dead by now, so that it stays what it is.</returns>
    public static FileInfo? Find(string folder, string name) =>
        // Pipes and devices have no length.
        new FileInfo(Path.Combine(folder, name)) is { Exists: true, LinkTarget: null, Length: > 0 } file ? file : null;
}
