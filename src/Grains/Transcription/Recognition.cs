using AX2Caption.Captions;

namespace AX2Caption.Grains.Transcription;

/// <summary>What an engine heard in a chunk.</summary>
/// <param name="Words">The words in order, their times from the start of the chunk and within it, none overlapping.</param>
/// <param name="Language">BCP 47 tag: the language that was asked for, or the one found; <c>und</c> if the engine named none.</param>
internal sealed record Recognition(IReadOnlyList<Word> Words, string Language);
