using AX2Caption.Api.Validation;

namespace AX2Caption.Api.Uploads;

/// <summary>An upload that the client is to send to the object store itself.</summary>
/// <param name="FileName">The file's name, for display.</param>
/// <param name="Bytes">Its length.</param>
internal sealed record DirectUploadRequest([Line(255)] string FileName, [WholeNumber(1, DirectUploadRequest.MaximumBytes)] long Bytes)
{
    public const long MaximumBytes = 1L << 40;
}

/// <summary>How to send it.</summary>
/// <param name="Id">The upload's id, and the id of the video that it becomes.</param>
/// <param name="PartBytes">Length of each part; the last one has what is left.</param>
/// <param name="PartCount">How many parts there are.</param>
/// <param name="ExpiresAt">When the upload is given up.</param>
internal sealed record DirectUploadPlan(Guid Id, long PartBytes, int PartCount, DateTimeOffset ExpiresAt);

/// <summary>Parts that are to be sent next.</summary>
/// <param name="Numbers">Which, from 1.</param>
internal sealed record PartAddressesRequest([WholeNumber(1, DirectUploadEndpoints.MaximumParts)] IReadOnlyList<int> Numbers);

/// <summary>Where to send them.</summary>
/// <param name="Parts">An address for each.</param>
/// <param name="ExpiresAt">When the addresses stop to work.</param>
internal sealed record PartAddresses(IReadOnlyList<PartAddressOf> Parts, DateTimeOffset ExpiresAt);

/// <summary>Where to send a part.</summary>
/// <param name="Number">Which.</param>
/// <param name="Address">PUT exactly its bytes there, and keep the answer's ETag.</param>
internal sealed record PartAddressOf(int Number, Uri Address);

/// <summary>All parts are sent.</summary>
/// <param name="Parts">Every part.</param>
internal sealed record SentParts(IReadOnlyList<SentPart> Parts);

/// <summary>A part that was sent.</summary>
/// <param name="Number">Which, from 1.</param>
/// <param name="ETag">What the store answered.</param>
internal sealed record SentPart([WholeNumber(1, DirectUploadEndpoints.MaximumParts)] int Number, [Line(100)] string ETag);
