namespace AX2Caption.Grains.Abstractions.Work;

/// <summary>An object that a task stored and that is to last.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Sha256">Of its content, 32 bytes.</param>
[GenerateSerializer, Immutable, Alias("ax2.StoredFile")]
public sealed record StoredFile([property: Id(0)] string Key, [property: Id(1)] long Length, [property: Id(2)] byte[] Sha256);
