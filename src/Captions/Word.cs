namespace AX2Caption.Captions;

/// <summary>One recognised word on the media's timeline.</summary>
/// <param name="Text">The word as it is to be shown; never empty, no surrounding white space.</param>
/// <param name="Start">When it begins, from the start of the media.</param>
/// <param name="End">When it ends, after <paramref name="Start"/>.</param>
/// <param name="Confidence">How sure the engine is, from 0 to 1.</param>
public sealed record Word(string Text, TimeSpan Start, TimeSpan End, double Confidence);
