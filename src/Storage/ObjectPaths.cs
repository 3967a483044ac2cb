using System.Security.Cryptography;
using System.Text;

namespace AX2Caption.Storage;

/// <summary>
/// Maps keys to files and back. <c>videos/7/source</c> is the file <c>videos/79~/7/source=</c>. The mark at the end, which no key can
/// contain, lets <c>a</c> and <c>a/b</c> stand beside each other. What lies below a first segment is spread over 256 folders that end in
/// <c>~</c>, by a hash of the second one, so that no folder holds more than a few hundred of a hundred thousand videos. A segment longer
/// than a file name may be is broken into pieces that end in <c>+</c>.
/// </summary>
internal sealed class ObjectPaths(string objectsRoot)
{
    private const int PieceLength = 200;
    private const char ObjectMark = '=';
    private const char ContinuationMark = '+';
    private const char ShardMark = '~';

    public string Root { get; } = objectsRoot;

    public string FileOf(string key) => Join(ObjectKey.Segments(key)) + ObjectMark;

    public string DirectoryOf(string prefix) => Join(ObjectKey.PrefixSegments(prefix));

    /// <summary>
    /// The key of a file, or null if the file is none of ours: one that lies elsewhere than its key says would be listed, and could
    /// neither be read nor deleted.
    /// </summary>
    public string? KeyOf(string file)
    {
        if (!file.EndsWith(ObjectMark))
            return null;
        var key = new StringBuilder();
        foreach (var name in Path.GetRelativePath(Root, file[..^1]).Split(Path.DirectorySeparatorChar))
        {
            if (name.EndsWith(ShardMark))
                continue;
            if (name.EndsWith(ContinuationMark))
                key.Append(name.AsSpan(..^1));
            else
                key.Append(name).Append('/');
        }

        return key.Length > 0 && key.ToString(0, key.Length - 1) is var found && ObjectKey.IsValid(found) && FileOf(found) == file ? found : null;
    }

    private string Join(string[] segments) => Path.Join(segments is [var first, var second, .. var rest]
        ? [Root, .. Pieces(first), Shard(second), .. Pieces(second), .. rest.SelectMany(Pieces)]
        : [Root, .. segments.SelectMany(Pieces)]);

    private static string Shard(string segment) => $"{SHA256.HashData(Encoding.ASCII.GetBytes(segment))[0]:x2}{ShardMark}";

    private static IEnumerable<string> Pieces(string segment)
    {
        var start = 0;
        for (; segment.Length - start > PieceLength; start += PieceLength)
            yield return segment.Substring(start, PieceLength) + ContinuationMark;
        yield return segment[start..];
    }
}
