using System.Text;

namespace AX2Caption.Api.Uploads;

/// <summary>The header <c>Upload-Metadata</c>: names and base64 values, of which the file name is used and the rest is given back.</summary>
internal static class UploadMetadata
{
    /// <summary>Most characters of the header.</summary>
    public const int MaximumLength = 4096;

    /// <summary>How much of a name is given back in an error.</summary>
    private const int NamedLength = 100;

    private static readonly string Demand = $"must be pairs of a name and a base64 value, {MaximumLength} characters at most.";

    /// <summary>Names under which clients send the file's name; the first is the protocol's example, the second that of Uppy.</summary>
    private static readonly string[] FileNameKeys = ["filename", "name"];

    /// <param name="header">The header as it was sent; null if it was not.</param>
    /// <param name="fileName">The file's name, empty if there is none.</param>
    /// <returns>What the header must be, as the rest of a sentence that begins with its name; null if it is so.</returns>
    public static string? Refuse(string? header, out string fileName)
    {
        fileName = "";
        if (string.IsNullOrEmpty(header))
            return null;
        if (header.Length > MaximumLength)
            return Demand;

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in header.Split(','))
        {
            var parts = pair.Trim(' ').Split(' ');
            if (parts.Length > 2 || !IsKey(parts[0]) || Decode(parts.ElementAtOrDefault(1) ?? "") is not { } value)
                return Demand;
            if (!values.TryAdd(parts[0], value))
                return $"must have each name once; '{parts[0][..Math.Min(parts[0].Length, NamedLength)]}' is there twice.";
        }

        fileName = FileNameKeys.Select(key => values.GetValueOrDefault(key)).FirstOrDefault(name => !string.IsNullOrEmpty(name)) ?? "";
        return null;
    }

    private static bool IsKey(string key) => key.Length > 0 && key.All(character => character is > ' ' and < '\x7f');

    private static string? Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}
