using System.Collections.Frozen;

namespace AX2Caption.Captions;

internal sealed class EnglishPhrasing : Phrasing
{
    public static readonly EnglishPhrasing Instance = new();

    private static readonly FrozenSet<string> Openers = SetOf(
        "and but or nor so yet because although though unless until while whereas if when whenever where wherever whether since "
        + "that which who whom whose why how after before as than "
        + "about above across against along among around at behind below beneath beside between beyond by despite down during "
        + "except for from in inside into like near of off on onto out outside over past through throughout to toward towards "
        + "under underneath up upon with within without");

    private static readonly FrozenSet<string> LeansOnTheNext = SetOf(
        "a an the this these those my your his her its our their every each no some any very too "
        + "i'm you're he's she's it's we're they're i've you've we've they've i'll you'll he'll she'll we'll they'll "
        + "i you he she we they mr mrs ms dr st prof");

    private static readonly FrozenSet<string> Abbreviations = SetOf("mr mrs ms dr st prof sr jr vs e.g i.e");

    public override bool BeginsPhrase(string previous, string next) => Openers.Contains(next) && !Openers.Contains(previous);

    public override bool Binds(string previous, string next) =>
        !Openers.Contains(next)
        && (LeansOnTheNext.Contains(previous) || Openers.Contains(previous) || IsNumber(previous) || IsName(previous, next));

    // A single letter with a full stop is an initial.
    public override bool IsAbbreviation(string word) => (word.Length == 1 && char.IsUpper(word[0])) || Abbreviations.Contains(word);

    private static bool IsName(string previous, string next) =>
        previous.Length > 0 && next.Length > 0 && char.IsUpper(previous[0]) && char.IsUpper(next[0]) && next != "I";

    private static FrozenSet<string> SetOf(string words) => words.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
