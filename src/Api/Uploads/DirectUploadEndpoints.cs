using System.Security.Claims;
using AX2Caption.Api.Accounts;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Limits;
using AX2Caption.Api.Videos;
using AX2Caption.Grains.Abstractions.Uploads;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AX2Caption.Api.Uploads;

/// <summary>Uploads whose bytes go from the client to the store (S3) and not through the Api.</summary>
internal static class DirectUploadEndpoints
{
    /// <summary>As many parts as S3 takes.</summary>
    public const int MaximumParts = 10_000;

    /// <summary>Most addresses that one request asks for.</summary>
    private const int MaximumAddresses = 100;

    /// <summary>The most parts, each with its number and ETag.</summary>
    private const long MaximumListBytes = 2 << 20;

    public static void MapDirectUploadEndpoints(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/direct-uploads").WithTags("Uploads").For(Access.Account);
        group.MapPost("", Create)
            .RequireRateLimiting(RateLimits.Uploads)
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.UploadTooLarge, ErrorTable.TooManyRequests, ErrorTable.TooManyVideos)
            .Refuses(ErrorTable.DirectUploadsNotOffered)
            .WithSummary("Begins an upload that the client sends to the object store itself")
            .WithDescription("Only where objects are kept on S3. Ends like any upload by DELETE /v1/uploads/{id} too.");
        group.MapPost("/{id:guid}/part-addresses", Sign)
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.UploadNotFound, ErrorTable.UploadPartsWrong)
            .WithSummary("Addresses to which parts are sent")
            .WithDescription($"At most {MaximumAddresses} at once. An address takes exactly the part's bytes, as often as wanted; the last one counts.");
        group.MapPost("/{id:guid}/complete", Complete)
            .WithMetadata(new RequestSizeLimitAttribute(MaximumListBytes))
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.UploadNotFound, ErrorTable.UploadPartsWrong)
            .WithSummary("Makes the parts that were sent the video")
            .WithDescription("Queues the video's probe; read the video until it is ready or rejected. May be repeated.");
    }

    private static async Task<Results<Created<DirectUploadPlan>, ErrorResult>> Create(
        DirectUploadRequest body, ClaimsPrincipal caller, ClusterCalls cluster, TimeProvider time, CancellationToken cancellationToken)
    {
        var uploadId = Guid.CreateVersion7(time.GetUtcNow());
        var result = await cluster.Call(
            (grains, _) => grains.GetGrain<IUploadGrain>(uploadId)
                .CreateDirect(new CreateUpload(caller.AccountId(), FileNames.ForDisplay(body.FileName), body.Bytes, Metadata: null)),
            cancellationToken);
        return result is CreateUploadResult.Created { Upload: { Parts: { } parts } upload }
            ? TypedResults.Created($"/v1/videos/{uploadId}", new DirectUploadPlan(uploadId, parts.Bytes, parts.Count, upload.ExpiresAt))
            : UploadErrors.NotCreated(result);
    }

    private static async Task<Results<Ok<PartAddresses>, ErrorResult>> Sign(
        Guid id, PartAddressesRequest body, ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        if (body.Numbers.Count is 0 or > MaximumAddresses)
            return ErrorTable.InvalidRequest.About("numbers", $"must have 1 to {MaximumAddresses} numbers.");

        var result = await cluster.Call(
            (grains, _) => grains.GetGrain<IUploadGrain>(id).SignParts(caller.AccountId(), body.Numbers), cancellationToken);
        return result switch
        {
            SignPartsResult.Signed signed => TypedResults.Ok(
                new PartAddresses([.. signed.Parts.Select(part => new PartAddressOf(part.Number, part.Address))], signed.ExpiresAt)),
            SignPartsResult.NoSuchPart { Count: var count } => UploadErrors.NoSuchPart(count),
            _ => UploadErrors.NotFound(),
        };
    }

    private static async Task<Results<Ok<DirectUploadPlan>, ErrorResult>> Complete(
        Guid id, SentParts body, ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        if (body.Parts.Count > MaximumParts)
            return ErrorTable.InvalidRequest.About("parts", $"must have at most {MaximumParts} parts.");

        var parts = body.Parts.Select(part => new UploadPart(part.Number, part.ETag)).ToList();
        var result = await cluster.Call(
            (grains, _) => grains.GetGrain<IUploadGrain>(id).FinishDirect(caller.AccountId(), parts), cancellationToken);
        return result switch
        {
            FinishDirectResult.Finished { Upload: { Parts: { } plan } upload } =>
                TypedResults.Ok(new DirectUploadPlan(id, plan.Bytes, plan.Count, upload.ExpiresAt)),
            FinishDirectResult.WrongParts { Numbers: var numbers } => UploadErrors.WrongParts(numbers),
            _ => UploadErrors.NotFound(),
        };
    }
}
