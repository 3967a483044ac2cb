namespace AX2Caption.Grains.Abstractions.Credits;

/// <summary>An account's credits.</summary>
/// <param name="Available">Free to use; never negative.</param>
/// <param name="Reserved">Held for running jobs; never negative.</param>
[GenerateSerializer, Immutable, Alias("ax2.CreditBalance")]
public sealed record CreditBalance([property: Id(0)] long Available, [property: Id(1)] long Reserved);
