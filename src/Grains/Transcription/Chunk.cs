namespace AX2Caption.Grains.Transcription;

/// <summary>A stretch of audio that is recognised by itself.</summary>
/// <param name="Ordinal">Its place among the chunks, from 0.</param>
/// <param name="Start">Where it begins; the end of the one before it, or earlier where speech was cut.</param>
/// <param name="End">Where it ends.</param>
/// <param name="HasSpeech">False only where nothing in it is loud enough to be speech: recognising it would be wasted.</param>
/// <param name="CutsSpeech">Whether it ends where there was no silence to end in.</param>
internal sealed record Chunk(int Ordinal, TimeSpan Start, TimeSpan End, bool HasSpeech, bool CutsSpeech = false);
