namespace AX2Caption.Captions;

/// <summary>What a language says about breaking between two words that have neither punctuation nor a pause between them.</summary>
internal abstract class Phrasing
{
    public static Phrasing For(string language) =>
        LanguageTag.IsEnglish(language) ? EnglishPhrasing.Instance
        : LanguageTag.IsKorean(language) ? KoreanPhrasing.Instance
        : UnknownPhrasing.Instance;

    /// <summary>Whether a phrase begins at <paramref name="next"/>; both words come bare of punctuation.</summary>
    public abstract bool BeginsPhrase(string previous, string next);

    /// <summary>Whether the words belong together; both come bare of punctuation.</summary>
    public abstract bool Binds(string previous, string next);

    /// <summary>Whether a full stop after the word shortens it rather than ends a sentence.</summary>
    public virtual bool IsAbbreviation(string word) => false;

    protected static bool IsNumber(string word) => word.Length > 0 && char.IsDigit(word[^1]);

    private sealed class UnknownPhrasing : Phrasing
    {
        public static readonly UnknownPhrasing Instance = new();

        public override bool BeginsPhrase(string previous, string next) => false;

        public override bool Binds(string previous, string next) => IsNumber(previous);
    }
}
