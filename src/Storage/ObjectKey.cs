using System.Buffers;

namespace AX2Caption.Storage;

/// <summary>Decides which keys and prefixes are valid, by the contract of <see cref="IObjectStore"/>.</summary>
internal static class ObjectKey
{
    public const int MaxLength = 512;

    private static readonly SearchValues<char> SegmentCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>The key's segments.</summary>
    /// <exception cref="ArgumentException">The key is not valid.</exception>
    public static string[] Segments(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return IsValid(key) ? key.Split('/') : throw new ArgumentException($"'{key}' is not a valid object key.", nameof(key));
    }

    public static bool IsValid(string key) => key.Length <= MaxLength && key.Split('/').All(IsSegment);

    /// <summary>The prefix's segments, none for the empty prefix.</summary>
    /// <exception cref="ArgumentException">The prefix is not valid.</exception>
    public static string[] PrefixSegments(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (prefix.Length == 0)
            return [];
        if (!prefix.EndsWith('/'))
            throw new ArgumentException($"The prefix '{prefix}' must end in '/'.", nameof(prefix));
        return Segments(prefix[..^1]);
    }

    private static bool IsSegment(string segment) =>
        segment is not ("" or "." or "..") && !segment.AsSpan().ContainsAnyExcept(SegmentCharacters);
}
