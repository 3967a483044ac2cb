using System.ComponentModel;
using System.Security.Claims;
using AX2Caption.Api.Accounts;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Limits;
using AX2Caption.Api.Paging;
using AX2Caption.Api.Uploads;
using AX2Caption.Api.Validation;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Videos;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Videos;

internal static class VideoEndpoints
{
    public static void MapVideoEndpoints(this IEndpointRouteBuilder routes)
    {
        var uploads = routes.ServiceProvider.GetRequiredService<IOptions<UploadOptions>>().Value;
        var group = routes.MapGroup("/v1/videos").WithTags("Videos").For(Access.Account);

        group.MapPost("", Upload)
            .WithMetadata(new RequestSizeLimitAttribute(uploads.MaximumBytes + UploadBody.Overhead), UploadBody.Schema)
            .WithRequestTimeout(uploads.Timeout)
            .RequireRateLimiting(RateLimits.Uploads)
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.FileMissing, ErrorTable.FileEmpty, ErrorTable.UploadIncomplete)
            .Refuses(ErrorTable.RequestTooSlow, ErrorTable.UploadTooLarge, ErrorTable.UnsupportedContentType)
            .Refuses(ErrorTable.TooManyRequests, ErrorTable.TooManyVideos, ErrorTable.StorageFull)
            .WithSummary("Uploads a video in one request")
            .WithDescription("Answers when the file is stored. It is then probed; read the video until it is ready or rejected.");
        group.MapGet("", List)
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.InvalidCursor)
            .WithSummary("The account's videos, newest first");
        group.MapGet("/{id:guid}", Get)
            .Refuses(ErrorTable.VideoNotFound)
            .WithSummary("One video");
        group.MapKeeping();
    }

    private static async Task<Results<Created<Video>, ErrorResult>> Upload(
        HttpRequest request, ClaimsPrincipal caller, VideoUpload upload, IOptions<UploadOptions> options, CancellationToken cancellationToken)
    {
        var file = await UploadBody.Open(request, options.Value.MaximumBytes, cancellationToken);
        return await upload.Store(caller.AccountId(), file, cancellationToken);
    }

    private static async Task<Results<Ok<Page<Video>>, ErrorResult>> List(
        [Cursor, Description(Cursor.Description)] string? cursor,
        [WholeNumber(1, PageLimit.Maximum), Description(PageLimit.Description)] int? limit,
        ClaimsPrincipal caller,
        ClusterCalls cluster,
        CancellationToken cancellationToken)
    {
        if (Cursor.Read(cursor, out PageCursor? after) is { } unknown)
            return unknown;

        var page = await cluster.Call(
            (grains, token) => grains.GetGrain<IVideoIndexGrain>(caller.AccountId()).List(after, limit ?? PageLimit.Default, token), cancellationToken);
        return TypedResults.Ok(new Page<Video>([.. page.Videos.Select(Video.Of)], Cursor.Write(page.Next)));
    }

    private static async Task<Results<Ok<Video>, ErrorResult>> Get(
        Guid id, ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        var result = await cluster.Call(
            (grains, token) => grains.GetGrain<IVideoGrain>(id).Get(caller.AccountId(), token), cancellationToken);
        return result is VideoResult.Found { Video: var video }
            ? TypedResults.Ok(Video.Of(video))
            : ErrorTable.VideoNotFound.Because("The account has no video of this id.");
    }
}
