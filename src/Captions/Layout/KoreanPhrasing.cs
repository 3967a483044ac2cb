using System.Collections.Frozen;

namespace AX2Caption.Captions;

internal sealed class KoreanPhrasing : Phrasing
{
    public static readonly KoreanPhrasing Instance = new();

    // Particles and connective or final endings: the space after them parts two phrases.
    private static readonly string[] PhraseEndings =
    [
        "은", "는", "이", "가", "을", "를", "에", "에서", "에게", "께", "께서", "한테", "로", "으로", "와", "과", "랑", "도", "만", "까지", "부터", "마다", "보다",
        "고", "며", "면", "면서", "서", "니까", "지만", "는데", "은데", "려고", "도록", "거나", "든지", "자마자",
        "다", "요", "죠", "까", "네", "군", "라",
    ];

    // Conjunctions that open the phrase themselves.
    private static readonly FrozenSet<string> Openers = SetOf("그리고 그러나 하지만 그런데 그래서 그러면 그러니까 또 또는 혹은 및 왜냐하면 그래도 따라서");

    // Determiners and numerals that lean on the noun after them.
    private static readonly FrozenSet<string> LeansOnTheNext = SetOf("이 그 저 한 두 세 네 몇 각 매 약 제 첫 새 온 모든 어떤 무슨 안 못 더 덜 가장 매우 아주");

    // Bound nouns and counters that cannot stand at the head of a line.
    private static readonly string[] LeansOnThePrevious = ["것", "거", "수", "때", "줄", "뿐", "만큼", "대로", "동안", "년", "월", "일", "명", "개", "원", "번", "살", "시", "분", "초"];

    public override bool BeginsPhrase(string previous, string next) =>
        Openers.Contains(next)
        || (previous.Length > 1 && PhraseEndings.Any(ending => previous.Length > ending.Length && previous.EndsWith(ending, StringComparison.Ordinal)));

    public override bool Binds(string previous, string next) =>
        IsNumber(previous) || LeansOnTheNext.Contains(previous) || LeansOnThePrevious.Any(noun => IsBoundNoun(next, noun));

    // The noun bare or with one particle syllable: 수, 수가, 것을; not a longer word that merely starts so.
    private static bool IsBoundNoun(string word, string noun) =>
        word == noun || (word.Length == noun.Length + 1 && word.StartsWith(noun, StringComparison.Ordinal) && "이가을를은는도만에".Contains(word[^1], StringComparison.Ordinal));

    private static FrozenSet<string> SetOf(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
