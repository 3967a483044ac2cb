namespace AX2Caption.Grains.Transcription;

/// <summary>A stretch of audio that is recognised by itself.</summary>
/// <param name="Ordinal">Its place among the chunks, from 0.</param>
/// <param name="Start">Where it begins; the end of the one before it.</param>
/// <param name="End">Where it ends.</param>
/// <param name="HasSpeech">False only where nothing in it is loud enough to be speech: recognising it would be wasted.</param>
internal sealed record Chunk(int Ordinal, TimeSpan Start, TimeSpan End, bool HasSpeech);
