namespace AX2Caption.Captions;

/// <summary>What stands between two neighbouring words, from the best place to break to the worst.</summary>
internal enum BreakKind
{
    /// <summary>The word before ends a sentence.</summary>
    SentenceEnd,

    /// <summary>The word before ends in a comma, colon, semicolon or dash.</summary>
    ClauseMark,

    /// <summary>The speaker pauses.</summary>
    LongPause,

    /// <summary>A conjunction or preposition follows, or a particle or connective ending goes before.</summary>
    Phrase,

    /// <summary>Two words with nothing between them.</summary>
    Word,

    /// <summary>Two words that belong together: a number and its unit, a name, an article and its noun.</summary>
    Bound,
}
