namespace AX2Caption.Grains.Abstractions.Videos;

/// <summary>An upload begins.</summary>
/// <param name="AccountId">Whose video it is.</param>
/// <param name="FileName">The client's name for the file, for display only; 255 characters at most.</param>
/// <param name="Length">How long it will be, in bytes; null if nobody knows yet.</param>
[GenerateSerializer, Immutable, Alias("ax2.BeginUpload")]
public sealed record BeginUpload([property: Id(0)] Guid AccountId, [property: Id(1)] string FileName, [property: Id(2)] long? Length = null);

/// <summary>An upload's bytes are stored.</summary>
/// <param name="AccountId">Whose video it is.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Sha256">Of the content, 32 bytes; null if nobody saw all of the bytes pass.</param>
[GenerateSerializer, Immutable, Alias("ax2.CompleteUpload")]
public sealed record CompleteUpload([property: Id(0)] Guid AccountId, [property: Id(1)] long Length, [property: Id(2)] byte[]? Sha256);
