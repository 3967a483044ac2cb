using System.Collections.Frozen;

namespace AX2Caption.Grains.Transcription.OpenAi;

/// <summary>Servers name the language that they have found in English, or by its code.</summary>
internal static class SpokenLanguages
{
    private static readonly FrozenDictionary<string, string> TagByName = Names().ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The BCP 47 tag of a language that a server named.</summary>
    public static string TagOf(string? name)
    {
        var trimmed = name?.Trim() ?? "";
        if (TagByName.TryGetValue(trimmed, out var tag))
            return tag;
        return LanguageSubtag.PrimaryOf(trimmed.Replace('_', '-')) is { Length: 2 or 3 } code && code.All(char.IsAsciiLetter)
            ? code.ToLowerInvariant()
            : LanguageSubtag.Undetermined;
    }

    private static Dictionary<string, string> Names()
    {
        // The languages that Whisper's models know, with the other names that some of them go by.
        const string Known = """
            af Afrikaans|am Amharic|ar Arabic|as Assamese|az Azerbaijani|ba Bashkir|be Belarusian|bg Bulgarian|bn Bengali|bo Tibetan|br Breton|bs Bosnian
            ca Catalan|ca Valencian|cs Czech|cy Welsh|da Danish|de German|el Greek|en English|es Spanish|es Castilian|et Estonian|eu Basque|fa Persian
            fi Finnish|fo Faroese|fr French|gl Galician|gu Gujarati|ha Hausa|haw Hawaiian|he Hebrew|hi Hindi|hr Croatian|ht Haitian Creole|ht Haitian
            hu Hungarian|hy Armenian|id Indonesian|is Icelandic|it Italian|ja Japanese|jv Javanese|ka Georgian|kk Kazakh|km Khmer|kn Kannada|ko Korean
            la Latin|lb Luxembourgish|lb Letzeburgesch|ln Lingala|lo Lao|lt Lithuanian|lv Latvian|mg Malagasy|mi Maori|mk Macedonian|ml Malayalam
            mn Mongolian|mr Marathi|ms Malay|mt Maltese|my Myanmar|my Burmese|ne Nepali|nl Dutch|nl Flemish|nn Nynorsk|no Norwegian|oc Occitan
            pa Punjabi|pa Panjabi|pl Polish|ps Pashto|ps Pushto|pt Portuguese|ro Romanian|ro Moldavian|ro Moldovan|ru Russian|sa Sanskrit|sd Sindhi
            si Sinhala|si Sinhalese|sk Slovak|sl Slovenian|sn Shona|so Somali|sq Albanian|sr Serbian|su Sundanese|sv Swedish|sw Swahili|ta Tamil
            te Telugu|tg Tajik|th Thai|tk Turkmen|tl Tagalog|tr Turkish|tt Tatar|uk Ukrainian|ur Urdu|uz Uzbek|vi Vietnamese|yi Yiddish|yo Yoruba
            yue Cantonese|zh Chinese|zh Mandarin|jv jw|he iw
            """;
        return Known.Split(['|', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(entry => entry.Split(' ', 2)).ToDictionary(entry => entry[1], entry => entry[0], StringComparer.OrdinalIgnoreCase);
    }
}
