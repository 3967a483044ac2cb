namespace AX2Caption.Captions;

/// <summary>
/// What was said, word by word: the lasting result of a recognition, from which cues are laid out.
/// </summary>
/// <param name="Language">BCP 47 tag of the speech, for example <c>en</c>.</param>
/// <param name="Words">The words in order: each starts no earlier than the one before it ends.</param>
public sealed record Transcript(string Language, IReadOnlyList<Word> Words);
