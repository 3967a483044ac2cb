namespace AX2Caption.Captions;

/// <summary>One caption on screen.</summary>
/// <param name="Start">In-time, from the start of the media.</param>
/// <param name="End">Out-time, after <paramref name="Start"/>.</param>
/// <param name="Lines">The payload's lines from top to bottom, plain text without markup; at least one, none empty.</param>
public sealed record Cue(TimeSpan Start, TimeSpan End, IReadOnlyList<string> Lines);
