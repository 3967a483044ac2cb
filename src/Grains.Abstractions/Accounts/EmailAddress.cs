using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AX2Caption.Grains.Abstractions.Accounts;

/// <summary>An e-mail address: as it is written to, and the key under which it is one and the same however it was typed.</summary>
/// <param name="Text">Without surrounding blanks, in Unicode's form C, 3 to 254 characters.</param>
/// <param name="Key">Hexadecimal SHA-256 of the address in small letters with its domain in ASCII.</param>
public sealed record EmailAddress(string Text, string Key)
{
    /// <summary>The longest address that SMTP carries (RFC 5321, section 4.5.3.1.3).</summary>
    public const int MaximumLength = 254;

    private const int MaximumLocalLength = 64;

    private static readonly IdnMapping Domains = new() { UseStd3AsciiRules = true };

    /// <summary>Reads what somebody typed; null if no mail could go there. Quoted local parts and address literals are not taken.</summary>
    public static EmailAddress? Read(string typed)
    {
        if (!TryNormalize(typed, out var text) || text.Length is < 3 or > MaximumLength)
        {
            return null;
        }

        var at = text.LastIndexOf('@');
        if (at is < 1 or > MaximumLocalLength || !IsLocal(text[..at]) || AsciiDomain(text[(at + 1)..]) is not { } domain)
        {
            return null;
        }

        var normal = $"{text[..at].ToLowerInvariant()}@{domain}";
        return new EmailAddress(text, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(normal))));
    }

    private static bool TryNormalize(string typed, out string text)
    {
        try
        {
            text = typed.Trim().Normalize(NormalizationForm.FormC);
            return true;
        }
        catch (ArgumentException)
        {
            // Broken surrogate pairs have no normal form.
            text = "";
            return false;
        }
    }

    /// <summary>RFC 5322's dot-atom, with letters and digits of any script as RFC 6531 has it.</summary>
    private static bool IsLocal(string local) =>
        local.Split('.').All(atom => atom.Length > 0 && atom.All(character =>
            char.IsLetterOrDigit(character)
            || char.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            || "!#$%&'*+-/=?^_`{|}~".Contains(character, StringComparison.Ordinal)));

    private static string? AsciiDomain(string domain)
    {
        try
        {
            var ascii = Domains.GetAscii(domain).ToLowerInvariant();
            return ascii.Contains('.', StringComparison.Ordinal) && !ascii.EndsWith('.') ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
