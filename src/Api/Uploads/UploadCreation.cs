using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Videos;
using AX2Caption.Grains.Abstractions.Uploads;
using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Uploads;

/// <summary>Begins an upload as a client announces it.</summary>
internal sealed class UploadCreation(ClusterCalls cluster, IOptions<UploadOptions> options)
{
    private readonly UploadOptions options = options.Value;

    public async Task<PieceOutcome> Create(
        Guid uploadId, Guid accountId, string? length, string? metadata, HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.Headers.ContainsKey(Tus.ConcatHeader))
            return ErrorTable.InvalidRequest.About(Tus.ConcatHeader, "is not supported: send the file as one upload.");
        if (request.Headers.ContainsKey(Tus.DeferLengthHeader))
            return ErrorTable.InvalidRequest.About(Tus.DeferLengthHeader, $"is not supported: send {Tus.LengthHeader}.");
        if (!TusProtocol.IsNumber(length))
            return ErrorTable.InvalidRequest.About(Tus.LengthHeader, "must be a whole number, 1 or more.");
        // A number that no file's length can be is too large like any other.
        var bytes = TusProtocol.Number(length) ?? long.MaxValue;
        if (bytes == 0)
            return ErrorTable.FileEmpty.Because("The file has no bytes.");
        if (bytes > options.MaximumResumableBytes)
            return UploadStream.TooLargeError(options.MaximumResumableBytes);
        if (UploadMetadata.Refuse(metadata, out var name) is { } demand)
            return ErrorTable.InvalidRequest.About(Tus.MetadataHeader, demand);

        var result = await cluster.Call(
            (grains, _) => grains.GetGrain<IUploadGrain>(uploadId)
                .Create(new CreateUpload(accountId, FileNames.ForDisplay(name), bytes, string.IsNullOrEmpty(metadata) ? null : metadata)),
            cancellationToken);
        return result is CreateUploadResult.Created { Upload: var upload } ? new PieceOutcome(upload) : UploadErrors.NotCreated(result);
    }
}
