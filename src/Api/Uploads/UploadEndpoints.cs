using System.ComponentModel;
using System.Security.Claims;
using AX2Caption.Api.Accounts;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Limits;
using AX2Caption.Grains.Abstractions.Uploads;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Uploads;

/// <summary>Uploads in pieces by the tus protocol, version 1.0.0. docs/uploads.md maps the protocol's clauses to this folder.</summary>
internal static class UploadEndpoints
{
    private const string LengthOfTheFile = "Length of the file, in bytes.";
    private const string WhatItIs = "Comma-separated pairs of a name and a base64 value; `filename` names the file.";
    private const string WhereItStands = "Where the upload stands, in bytes.";
    private const string WhatItComesTo = "Algorithm and base64 value of the body: sha1, sha256, sha512 or md5.";

    public static void MapUploadEndpoints(this IEndpointRouteBuilder routes)
    {
        var options = routes.ServiceProvider.GetRequiredService<IOptions<UploadOptions>>().Value;
        var about = routes.MapGroup("/v1/uploads").WithTags("Uploads").For(Access.Open);
        about.MapMethods("", [HttpMethods.Options], Describe).WithSummary("What of the tus protocol is spoken here");
        about.MapMethods("/{id:guid}", [HttpMethods.Options], DescribeAt).WithSummary("What of the tus protocol is spoken here");

        var group = routes.MapGroup("/v1/uploads").WithTags("Uploads").For(Access.Account).SpeaksTus();
        group.MapPost("", Create)
            .Produces(StatusCodes.Status201Created)
            .WithMetadata(new RequestSizeLimitAttribute(options.MaximumResumableBytes), TusBody.Optional)
            .WithRequestTimeout(options.Timeout)
            .RequireRateLimiting(RateLimits.Uploads)
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.FileEmpty, ErrorTable.UploadTooLarge, ErrorTable.UnsupportedContentType)
            .Refuses(ErrorTable.ChecksumMismatch, ErrorTable.UploadIncomplete, ErrorTable.RequestTooSlow)
            .Refuses(ErrorTable.TooManyRequests, ErrorTable.TooManyVideos, ErrorTable.StorageFull)
            .WithSummary("Begins an upload in pieces")
            .WithDescription("The Location's last part is the id of the video that the upload becomes. A body is its first piece.");
        group.MapMethods("/{id:guid}", [HttpMethods.Head], Head)
            .Produces(StatusCodes.Status200OK)
            .Refuses(ErrorTable.UploadNotFound, ErrorTable.UploadExpired)
            .WithSummary("Where an upload stands");
        group.MapPatch("/{id:guid}", Append)
            .Produces(StatusCodes.Status204NoContent)
            .WithMetadata(new RequestSizeLimitAttribute(options.MaximumResumableBytes), TusBody.Required)
            .WithRequestTimeout(options.Timeout)
            .RequireRateLimiting(RateLimits.UploadPieces)
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.UploadNotFound, ErrorTable.UploadExpired, ErrorTable.UploadOffsetMismatch)
            .Refuses(ErrorTable.UploadLocked, ErrorTable.UploadTooLarge, ErrorTable.UnsupportedContentType, ErrorTable.ChecksumMismatch)
            .Refuses(ErrorTable.UploadIncomplete, ErrorTable.RequestTooSlow, ErrorTable.TooManyRequests, ErrorTable.StorageFull)
            .WithSummary("Sends the next piece of an upload")
            .WithDescription("Its last piece queues the video's probe; read the video until it is ready or rejected.");
        group.MapDelete("/{id:guid}", Terminate)
            .Produces(StatusCodes.Status204NoContent)
            .Refuses(ErrorTable.UploadNotFound)
            .WithSummary("Ends an upload that is not complete and deletes what arrived of it");
    }

    private static IResult Describe(HttpResponse response, IOptions<UploadOptions> options)
    {
        response.Headers[Tus.VersionHeader] = Tus.Version;
        response.Headers[Tus.ExtensionHeader] = Tus.Extensions;
        response.Headers[Tus.MaxSizeHeader] = $"{options.Value.MaximumResumableBytes}";
        response.Headers[Tus.ChecksumAlgorithmHeader] = UploadChecksum.Algorithms;
        return TypedResults.NoContent();
    }

    /// <summary>The same of any upload, whether it is there or not.</summary>
    private static IResult DescribeAt(Guid id, HttpResponse response, IOptions<UploadOptions> options) => Describe(response, options);

    private static async Task<IResult> Create(
        [FromHeader(Name = Tus.LengthHeader), Description(LengthOfTheFile)] string? uploadLength,
        [FromHeader(Name = Tus.MetadataHeader), Description(WhatItIs)] string? uploadMetadata,
        [FromHeader(Name = Tus.ChecksumHeader), Description(WhatItComesTo)] string? uploadChecksum,
        HttpContext context,
        ClaimsPrincipal caller,
        UploadCreation creation,
        PieceWriter writer,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var hasPiece = context.Request.ContentType is not null;
        UploadChecksum? checksum = null;
        if (hasPiece && RefusePiece(context.Request, uploadChecksum, out checksum) is { } refusal)
            return refusal;
        using (checksum)
        {
            var uploadId = Guid.CreateVersion7(time.GetUtcNow());
            var (upload, refused) = await creation.Create(uploadId, caller.AccountId(), uploadLength, uploadMetadata, context.Request, cancellationToken);
            if (upload is null)
                return refused!;

            // Also of an upload whose first piece fails: the client resumes it.
            context.Response.Headers.Location = $"/v1/uploads/{uploadId}";
            if (hasPiece)
            {
                (upload, refused) = await writer.Write(
                    new Piece(uploadId, caller.AccountId(), 0, context.Request.Body, context.Request.ContentLength, checksum), cancellationToken);
                if (upload is null)
                    return refused!;
                ShowOffset(context.Response, upload);
            }

            ShowExpiry(context.Response, upload);
            return TypedResults.StatusCode(StatusCodes.Status201Created);
        }
    }

    private static async Task<IResult> Head(
        Guid id, HttpResponse response, ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        var result = await cluster.Call(
            (grains, token) => grains.GetGrain<IUploadGrain>(id).Get(caller.AccountId(), token), cancellationToken);
        switch (result)
        {
            case UploadResult.Found { Upload: var upload }:
                ShowOffset(response, upload);
                ShowExpiry(response, upload);
                response.Headers[Tus.LengthHeader] = $"{upload.Length}";
                if (upload.Metadata is not null)
                    response.Headers[Tus.MetadataHeader] = upload.Metadata;
                return TypedResults.Ok();
            case UploadResult.Expired:
                return UploadErrors.Expired();
            default:
                return UploadErrors.NotFound();
        }
    }

    private static async Task<IResult> Append(
        Guid id,
        [FromHeader(Name = Tus.OffsetHeader), Description(WhereItStands)] string? uploadOffset,
        [FromHeader(Name = Tus.ChecksumHeader), Description(WhatItComesTo)] string? uploadChecksum,
        HttpContext context,
        ClaimsPrincipal caller,
        PieceWriter writer,
        CancellationToken cancellationToken)
    {
        if (RefusePiece(context.Request, uploadChecksum, out var checksum) is { } refusal)
            return refusal;
        using (checksum)
        {
            if (TusProtocol.Number(uploadOffset) is not { } offset)
                return ErrorTable.InvalidRequest.About(Tus.OffsetHeader, "must be a whole number, 0 or more.");

            var (upload, refused) = await writer.Write(
                new Piece(id, caller.AccountId(), offset, context.Request.Body, context.Request.ContentLength, checksum), cancellationToken);
            if (upload is null)
                return refused!;

            ShowOffset(context.Response, upload);
            ShowExpiry(context.Response, upload);
            return TypedResults.NoContent();
        }
    }

    private static async Task<IResult> Terminate(Guid id, ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken) =>
        await cluster.Call((grains, _) => grains.GetGrain<IUploadGrain>(id).Terminate(caller.AccountId()), cancellationToken)
            ? TypedResults.NoContent()
            : UploadErrors.NothingToEnd();

    private static ErrorResult? RefusePiece(HttpRequest request, string? header, out UploadChecksum? checksum)
    {
        checksum = null;
        if (request.ContentType != Tus.PieceType)
            return ErrorTable.UnsupportedContentType.Because($"Send the piece as {Tus.PieceType}.");
        if (header is not null && (checksum = UploadChecksum.Parse(header)) is null)
            return ErrorTable.InvalidRequest.About(Tus.ChecksumHeader, $"must be one of {UploadChecksum.Algorithms} and the value in base64.");
        return null;
    }

    private static void ShowOffset(HttpResponse response, UploadSnapshot upload) => response.Headers[Tus.OffsetHeader] = $"{upload.Written}";

    /// <summary>One that is complete does not expire as an upload.</summary>
    private static void ShowExpiry(HttpResponse response, UploadSnapshot upload)
    {
        if (!upload.IsComplete)
            response.Headers[Tus.ExpiresHeader] = TusProtocol.HttpDate(upload.ExpiresAt);
    }
}
