namespace AX2Caption.Grains.Abstractions;

/// <summary>Why something did not work, for its owner.</summary>
/// <param name="Code">Stable snake_case code.</param>
/// <param name="Message">A sentence in plain English.</param>
[GenerateSerializer, Immutable, Alias("ax2.Failure")]
public sealed record Failure([property: Id(0)] string Code, [property: Id(1)] string Message);
