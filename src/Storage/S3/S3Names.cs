using System.Globalization;

namespace AX2Caption.Storage.S3;

/// <summary>
/// Names in the bucket: <c>objects/</c> holds what is visible, <c>partial/</c> what a resumable write left that is shorter than a part,
/// <c>health/</c> what the health check writes. <c>=</c>, which no key contains, parts a key from what is ours.
/// </summary>
internal sealed class S3Names(string prefix)
{
    private const char LengthMark = '=';

    private readonly string objects = $"{prefix}objects/";

    public string Partials { get; } = $"{prefix}partial/";

    /// <exception cref="ArgumentException">The key is not valid.</exception>
    public string Object(string key)
    {
        _ = ObjectKey.Segments(key);
        return objects + key;
    }

    /// <exception cref="ArgumentException">The prefix is not valid.</exception>
    public string ObjectsBelow(string keyPrefix)
    {
        _ = ObjectKey.PrefixSegments(keyPrefix);
        return objects + keyPrefix;
    }

    /// <summary>What all the remains of a key's write begin with.</summary>
    public string PartialsOf(string key) => $"{Partials}{key}{LengthMark}";

    /// <summary>The remains of a key's write that had this length when it was suspended; of length 0, the mark that it has begun.</summary>
    public string Partial(string key, long length) => string.Create(CultureInfo.InvariantCulture, $"{Partials}{key}{LengthMark}{length}");

    public string Health() => $"{prefix}health/{Guid.CreateVersion7():N}";

    /// <summary>Reads the name of remains.</summary>
    /// <returns>Null if it is none of ours.</returns>
    public (string Key, long Length)? ReadPartial(string name)
    {
        var mark = name.LastIndexOf(LengthMark);
        return mark > Partials.Length && long.TryParse(name.AsSpan(mark + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? (name[Partials.Length..mark], length)
            : null;
    }

    /// <summary>The key that a name belongs to; the name itself where it belongs to none.</summary>
    public string KeyOf(string name) =>
        name.StartsWith(objects, StringComparison.Ordinal) ? name[objects.Length..]
        : name.StartsWith(Partials, StringComparison.Ordinal) && ReadPartial(name) is var (key, _) ? key
        : name;
}
