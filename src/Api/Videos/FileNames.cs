using System.Globalization;
using System.Text;

namespace AX2Caption.Api.Videos;

/// <summary>File names as clients send them. They are shown, and never used as a path.</summary>
internal static class FileNames
{
    private const int MaximumLength = 255;

    /// <summary>The last part of the path, without characters that cannot be seen or that turn the reading direction.</summary>
    public static string ForDisplay(string? sent)
    {
        var last = (sent ?? "").Split('/', '\\')[^1];
        var name = new StringBuilder(last.Length);
        foreach (var rune in last.EnumerateRunes())
        {
            if (name.Length + rune.Utf16SequenceLength > MaximumLength)
                break;
            if (IsVisible(rune))
                name.Append(rune);
        }

        return name.ToString().Trim() is { Length: > 0 } shown ? shown : "video";
    }

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
