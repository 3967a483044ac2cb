using System.Globalization;
using System.Text;

namespace AX2Caption.Captions;

/// <summary>How a profile counts the characters of a line and of a second of reading.</summary>
public enum CharacterWeighting
{
    /// <summary>Every visible character counts 1, spaces and punctuation included.</summary>
    Even,

    /// <summary>Hangul (and any other full-width letter) counts 1; Latin letters, digits, spaces and punctuation count 0.5.</summary>
    Korean,
}

internal static class CharacterWeightingExtensions
{
    extension(CharacterWeighting weighting)
    {
        public double Space => weighting == CharacterWeighting.Korean ? 0.5 : 1;

        public double Count(string text)
        {
            var count = 0d;
            foreach (var rune in text.EnumerateRunes())
            {
                count += IsDrawnOnTheOneBefore(rune) ? 0 : weighting == CharacterWeighting.Korean && IsHalfWidth(rune) ? 0.5 : 1;
            }

            return count;
        }
    }

    private static bool IsDrawnOnTheOneBefore(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
        || IsInnerJamo(rune);

    // A decomposed syllable is one leading jamo followed by these: together they fill one square.
    private static bool IsInnerJamo(Rune rune) => rune.Value is (>= 0x1160 and <= 0x11FF) or (>= 0xD7B0 and <= 0xD7FF);

    // Hangul begins at U+1100; the alphabets before it are narrow.
    private static bool IsHalfWidth(Rune rune) =>
        rune.Value < 0x1100 || Rune.IsWhiteSpace(rune) || Rune.IsPunctuation(rune);
}
