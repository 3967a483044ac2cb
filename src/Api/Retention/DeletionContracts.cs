using AX2Caption.Api.Credits;
using AX2Caption.Grains.Abstractions.Retention;

namespace AX2Caption.Api.Retention;

/// <summary>The receipt of a deleted video. It holds nothing of what the video was.</summary>
/// <param name="VideoId">The video's id.</param>
/// <param name="Reason"><c>expired</c>: its time was over; <c>owner</c>: as was asked; <c>account</c>: with its account; <c>abandoned</c>: its upload never completed.</param>
/// <param name="Jobs">The jobs whose captions and working files went with it.</param>
/// <param name="Objects">How many files were deleted, working files not counted: the upload or the source, its thumbnail, transcripts and captions. Final when <c>completedAt</c> is there.</param>
/// <param name="Bytes">Their length in all.</param>
/// <param name="RequestedAt">When it was deleted; nobody could use it from then on.</param>
/// <param name="CompletedAt">When nothing of it was left in the store; null before.</param>
internal sealed record Deletion(
    Guid VideoId,
    string Reason,
    IReadOnlyList<Guid> Jobs,
    int Objects,
    long Bytes,
    DateTimeOffset RequestedAt,
    DateTimeOffset? CompletedAt)
{
    public static Deletion Of(DeletionReceipt receipt) => new(
        receipt.VideoId, WireName<DeletionReason>.Of(receipt.Reason), receipt.Jobs, receipt.Objects, receipt.Bytes, receipt.RequestedAt,
        receipt.CompletedAt);
}
