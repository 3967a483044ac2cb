namespace AX2Caption.Grains.Abstractions.Retention;

/// <summary>That a video was deleted with everything that came of it; nothing of what it was.</summary>
/// <param name="VideoId">The video's id.</param>
/// <param name="Reason">Why it was deleted.</param>
/// <param name="Jobs">The jobs whose working files and captions went with it.</param>
/// <param name="Objects">How many objects were deleted, working files not counted; final when it is completed.</param>
/// <param name="Bytes">Their length in all.</param>
/// <param name="RequestedAt">When it was deleted: from then on nobody could use it.</param>
/// <param name="CompletedAt">When nothing of it was left in the store; null before.</param>
[GenerateSerializer, Immutable, Alias("ax2.DeletionReceipt")]
public sealed record DeletionReceipt(
    [property: Id(0)] Guid VideoId,
    [property: Id(1)] DeletionReason Reason,
    [property: Id(2)] IReadOnlyList<Guid> Jobs,
    [property: Id(3)] int Objects,
    [property: Id(4)] long Bytes,
    [property: Id(5)] DateTimeOffset RequestedAt,
    [property: Id(6)] DateTimeOffset? CompletedAt);

/// <summary>Why a video was deleted; the names are stored.</summary>
[GenerateSerializer, Alias("ax2.DeletionReason")]
public enum DeletionReason
{
    /// <summary>Its time was over.</summary>
    Expired = 0,

    /// <summary>Its owner wished it.</summary>
    Owner = 1,

    /// <summary>Its account was deleted.</summary>
    Account = 2,

    /// <summary>Its upload never completed.</summary>
    Abandoned = 3,
}

/// <summary>A page of receipts.</summary>
/// <param name="Receipts">The receipts, newest first.</param>
/// <param name="Next">Where the next page begins; null at the end.</param>
[GenerateSerializer, Immutable, Alias("ax2.DeletionPage")]
public sealed record DeletionPage([property: Id(0)] IReadOnlyList<DeletionReceipt> Receipts, [property: Id(1)] PageCursor? Next);
