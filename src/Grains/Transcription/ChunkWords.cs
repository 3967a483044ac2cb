using AX2Caption.Captions;

namespace AX2Caption.Grains.Transcription;

/// <summary>The words of a chunk on the media's timeline.</summary>
/// <param name="Start">Where its audio begins; before the end of the chunk before it, where speech was cut.</param>
/// <param name="End">Where its audio ends.</param>
/// <param name="Words">In order.</param>
internal sealed record ChunkWords(TimeSpan Start, TimeSpan End, IReadOnlyList<Word> Words);
