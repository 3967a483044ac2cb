using System.Text;

namespace AX2Caption.Api.Uploads;

/// <summary>The header <c>Upload-Metadata</c>: names and base64 values, of which the file name is used and the rest is given back.</summary>
internal static class UploadMetadata
{
    /// <summary>Most characters of the header.</summary>
    public const int MaximumLength = 4096;

    /// <summary>Names under which clients send the file's name; the first is the protocol's example, the second that of Uppy.</summary>
    private static readonly string[] FileNameKeys = ["filename", "name"];

    /// <returns>The file name, empty if there is none; null if the header is not as the protocol says.</returns>
    public static string? FileNameIn(string? header)
    {
        if (string.IsNullOrEmpty(header))
            return "";
        if (header.Length > MaximumLength)
            return null;

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in header.Split(','))
        {
            var parts = pair.Trim(' ').Split(' ');
            if (parts.Length > 2 || !IsKey(parts[0]) || Decode(parts.ElementAtOrDefault(1) ?? "") is not { } value || !values.TryAdd(parts[0], value))
                return null;
        }

        return FileNameKeys.Select(key => values.GetValueOrDefault(key)).FirstOrDefault(name => !string.IsNullOrEmpty(name)) ?? "";
    }

    private static bool IsKey(string key) => key.Length > 0 && key.All(character => character is > ' ' and < '\x7f');

    private static string? Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}
