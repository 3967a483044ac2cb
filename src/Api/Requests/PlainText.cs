using System.Buffers;
using System.Globalization;
using System.Text;

namespace AX2Caption.Api.Requests;

/// <summary>One line of text that people write and read.</summary>
internal static class PlainText
{
    /// <summary>
    /// Whether it says something, in at most so many UTF-16 code units, without control characters, line breaks or broken
    /// surrogate pairs, which PostgreSQL and logs could not show as they came.
    /// </summary>
    public static bool Is(string text, int maximumLength) =>
        text.Length <= maximumLength && !string.IsNullOrWhiteSpace(text) && IsMadeOf(text, rune => !BreaksTheLine(rune));

    /// <summary>Whether every surrogate is one of a pair.</summary>
    public static bool IsWellFormed(string text) => IsMadeOf(text, _ => true);

    /// <summary>Whether it is well-formed and has no control characters; it may be empty.</summary>
    public static bool HasNoControls(string text) => IsMadeOf(text, rune => !Rune.IsControl(rune));

    private static bool IsMadeOf(string text, Func<Rune, bool> accepts)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != OperationStatus.Done || !accepts(rune))
                return false;
            rest = rest[length..];
        }

        return true;
    }

    private static bool BreaksTheLine(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
