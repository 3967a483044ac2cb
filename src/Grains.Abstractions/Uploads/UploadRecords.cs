namespace AX2Caption.Grains.Abstractions.Uploads;

/// <summary>An upload as its owner sees it.</summary>
/// <param name="VideoId">The video that it becomes.</param>
/// <param name="Length">How long it will be, in bytes.</param>
/// <param name="Written">How many of them are safe.</param>
/// <param name="Metadata">What the client said of it, as it said it.</param>
/// <param name="ExpiresAt">When it is given up unless something arrives.</param>
/// <param name="Parts">How it is cut, if the client sends it to the store itself.</param>
[GenerateSerializer, Immutable, Alias("ax2.UploadSnapshot")]
public sealed record UploadSnapshot(
    [property: Id(0)] Guid VideoId,
    [property: Id(1)] long Length,
    [property: Id(2)] long Written,
    [property: Id(3)] string? Metadata,
    [property: Id(4)] DateTimeOffset ExpiresAt,
    [property: Id(5)] PartPlan? Parts = null)
{
    /// <summary>Whether all bytes are safe.</summary>
    public bool IsComplete => Written == Length;
}

/// <summary>How an upload is cut that the client sends to the store itself.</summary>
/// <param name="Bytes">Length of each part; the last one has what is left.</param>
/// <param name="Count">How many parts there are.</param>
[GenerateSerializer, Immutable, Alias("ax2.PartPlan")]
public sealed record PartPlan([property: Id(0)] long Bytes, [property: Id(1)] int Count);

/// <summary>A part that the client has sent to the store.</summary>
/// <param name="Number">Which, from 1.</param>
/// <param name="ETag">What the store answered.</param>
[GenerateSerializer, Immutable, Alias("ax2.UploadPart")]
public sealed record UploadPart([property: Id(0)] int Number, [property: Id(1)] string ETag);

/// <summary>Where a part may be sent.</summary>
/// <param name="Number">Which, from 1.</param>
/// <param name="Address">To PUT its bytes to.</param>
[GenerateSerializer, Immutable, Alias("ax2.PartAddress")]
public sealed record PartAddress([property: Id(0)] int Number, [property: Id(1)] Uri Address);

/// <summary>An upload begins.</summary>
/// <param name="AccountId">Whose it is.</param>
/// <param name="FileName">The client's name for the file, for display only; 255 characters at most.</param>
/// <param name="Length">In bytes, at least 1.</param>
/// <param name="Metadata">What the client says of it, kept as it is.</param>
[GenerateSerializer, Immutable, Alias("ax2.CreateUpload")]
public sealed record CreateUpload(
    [property: Id(0)] Guid AccountId, [property: Id(1)] string FileName, [property: Id(2)] long Length, [property: Id(3)] string? Metadata);

/// <summary>A writer wants to append.</summary>
/// <param name="AccountId">Whose upload it is.</param>
/// <param name="Writer">A new id for each piece.</param>
/// <param name="Offset">Where the writer believes the upload stands.</param>
[GenerateSerializer, Immutable, Alias("ax2.BeginWrite")]
public sealed record BeginWrite([property: Id(0)] Guid AccountId, [property: Id(1)] Guid Writer, [property: Id(2)] long Offset);

/// <summary>How far an upload is safe.</summary>
/// <param name="Written">In bytes.</param>
/// <param name="State">The store's own note of how to go on; null where it needs none.</param>
[GenerateSerializer, Immutable, Alias("ax2.UploadProgress")]
public sealed record UploadProgress([property: Id(0)] long Written, [property: Id(1)] string? State);

/// <summary>Whether a writer may go on.</summary>
[GenerateSerializer, Alias("ax2.WriterStanding")]
public enum WriterStanding
{
    /// <summary>It holds the upload.</summary>
    Holds = 0,

    /// <summary>Another writer does.</summary>
    Replaced = 1,

    /// <summary>There is no such upload any more; what is stored of it is to be dropped.</summary>
    UploadGone = 2,
}
