namespace AX2Caption.Captions;

/// <summary>A finished sequence of cues, ready to be written in any format.</summary>
/// <param name="Language">BCP 47 tag of the text.</param>
/// <param name="Cues">Sorted by start, never overlapping.</param>
public sealed record CaptionTrack(string Language, IReadOnlyList<Cue> Cues);
