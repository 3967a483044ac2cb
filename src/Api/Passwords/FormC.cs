using System.Text;

namespace AX2Caption.Api.Passwords;

internal static class FormC
{
    /// <summary>Unicode's normal form C; null where there is none: of half a surrogate pair, and of U+FFFE, which is no character.</summary>
    public static string? Of(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
