using System.ComponentModel;
using System.Security.Claims;
using AX2Caption.Api.Accounts;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Validation;
using AX2Caption.Api.Videos;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AX2Caption.Api.Downloads;

internal static class DownloadEndpoints
{
    /// <summary>Of the year 9999, in Unix time.</summary>
    private const long LastSecond = 253_402_300_799;

    /// <summary>Base64url of 32 bytes.</summary>
    private const int SignatureLength = 43;

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapDownloadEndpoints(this IEndpointRouteBuilder routes)
    {
        var timeout = routes.ServiceProvider.GetRequiredService<IOptions<DownloadOptions>>().Value.Timeout;
        var owned = routes.MapGroup("/v1/videos/{id:guid}").WithTags("Videos").For(Access.Account)
            .Refuses(ErrorTable.VideoNotFound, ErrorTable.VideoNotReady, ErrorTable.VideoRejected);
        Describe(owned.MapMethods("/content", Methods, Content), "A video as it was uploaded, whole or in ranges").WithRequestTimeout(timeout);
        Describe(owned.MapMethods("/thumbnail", Methods, Thumbnail), "A picture of a video, as JPEG").Refuses(ErrorTable.ThumbnailNotFound);
        owned.MapGet("/links", Links)
            .WithSummary("Links to a video's files that work for whoever has them")
            .WithDescription("For players and caches, which can send no token. The paths are relative to the API.");

        var linked = routes.MapGroup("/v1/links/videos/{id:guid}").WithTags("Videos").For(Access.Open)
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.LinkInvalid, ErrorTable.LinkExpired)
            .Refuses(ErrorTable.VideoNotFound, ErrorTable.VideoNotReady, ErrorTable.VideoRejected);
        Describe(linked.MapMethods("/content", Methods, LinkedContent), "A video by a signed link").WithRequestTimeout(timeout);
        Describe(linked.MapMethods("/thumbnail", Methods, LinkedThumbnail), "A video's picture by a signed link").Refuses(ErrorTable.ThumbnailNotFound);
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint, string summary) => endpoint
        .Produces(StatusCodes.Status200OK)
        .Produces(StatusCodes.Status206PartialContent)
        .Produces(StatusCodes.Status302Found)
        .Produces(StatusCodes.Status304NotModified)
        .Refuses(ErrorTable.RangeNotSatisfiable)
        .WithSummary(summary);

    private static Task<IResult> Content(
        Guid id, ClaimsPrincipal caller, VideoDownload download, HttpResponse response, CancellationToken cancellationToken) =>
        download.Answer(id, VideoFile.Source, caller.AccountId(), response, linkLeft: null, cancellationToken);

    private static Task<IResult> Thumbnail(
        Guid id, ClaimsPrincipal caller, VideoDownload download, HttpResponse response, CancellationToken cancellationToken) =>
        download.Answer(id, VideoFile.Thumbnail, caller.AccountId(), response, linkLeft: null, cancellationToken);

    private static async Task<Results<Ok<VideoLinks>, ErrorResult>> Links(
        Guid id, ClaimsPrincipal caller, ClusterCalls cluster, SignedLinks links, CancellationToken cancellationToken)
    {
        var result = await cluster.Call(
            (grains, token) => grains.GetGrain<IVideoGrain>(id).GetContent(VideoFile.Source, caller.AccountId(), token), cancellationToken);
        if (result is not VideoContentResult.Found { Media.HasThumbnail: var hasThumbnail })
            return VideoDownload.Refuse(result, VideoFile.Source);

        var expiresAt = links.NextExpiry();
        return TypedResults.Ok(new VideoLinks(
            links.Make(id, VideoFile.Source, expiresAt), hasThumbnail ? links.Make(id, VideoFile.Thumbnail, expiresAt) : null, expiresAt));
    }

    private static Task<IResult> LinkedContent(
        Guid id,
        [Description("From the link."), WholeNumber(0, LastSecond)] long expires,
        [Description("From the link."), Base64UrlText(SignatureLength)] string signature,
        SignedLinks links,
        VideoDownload download,
        HttpResponse response,
        CancellationToken cancellationToken) =>
        Linked(id, VideoFile.Source, expires, signature, links, download, response, cancellationToken);

    private static Task<IResult> LinkedThumbnail(
        Guid id,
        [Description("From the link."), WholeNumber(0, LastSecond)] long expires,
        [Description("From the link."), Base64UrlText(SignatureLength)] string signature,
        SignedLinks links,
        VideoDownload download,
        HttpResponse response,
        CancellationToken cancellationToken) =>
        Linked(id, VideoFile.Thumbnail, expires, signature, links, download, response, cancellationToken);

    private static async Task<IResult> Linked(
        Guid id,
        VideoFile file,
        long expires,
        string signature,
        SignedLinks links,
        VideoDownload download,
        HttpResponse response,
        CancellationToken cancellationToken) =>
        links.Refuse(id, file, expires, signature) is { } refusal
            ? refusal
            : await download.Answer(id, file, accountId: null, response, links.Left(expires), cancellationToken);
}

/// <summary>Answers with a video's file, or sends to where the store has it.</summary>
internal sealed partial class VideoDownload(
    ClusterCalls cluster, IObjectStore store, IOptions<DownloadOptions> options, ILogger<VideoDownload> logger)
{
    private static readonly TimeSpan LeastLifetime = TimeSpan.FromSeconds(1);

    /// <summary>As long as S3 lets an address work.</summary>
    private static readonly TimeSpan MostLifetime = TimeSpan.FromDays(7);

    private readonly DownloadOptions options = options.Value;

    /// <param name="id">The video.</param>
    /// <param name="file">Which of its files.</param>
    /// <param name="accountId">Whose it must be; null for a link.</param>
    /// <param name="response">The answer.</param>
    /// <param name="linkLeft">How long the link still works; null where there is none and the answer is for its owner alone.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IResult> Answer(
        Guid id, VideoFile file, Guid? accountId, HttpResponse response, TimeSpan? linkLeft, CancellationToken cancellationToken)
    {
        var result = await Find(id, file, accountId, cancellationToken);
        if (result is not VideoContentResult.Found found)
            return Refuse(result, file);

        var isThumbnail = file == VideoFile.Thumbnail;
        var mediaType = isThumbnail ? "image/jpeg" : MediaTypes.Of(found.Media);
        var disposition = new ContentDispositionHeaderValue(isThumbnail ? "inline" : "attachment");
        if (!isThumbnail)
            disposition.SetHttpFileName(found.FileName);

        if (options.RedirectToStore
            && store.SignedAddress(found.ObjectKey, Bounded(linkLeft ?? options.LinkLifetime), mediaType, disposition.ToString()) is { } address)
            return TypedResults.Redirect(address.AbsoluteUri);

        // The answer would break off.
        if (await store.Stat(found.ObjectKey, cancellationToken) is null)
            return Missing(id, found.ObjectKey, await Find(id, file, accountId, cancellationToken), file);

        response.Headers.ContentDisposition = disposition.ToString();
        response.Headers.CacheControl = CacheControl(linkLeft);
        return new RangedAnswer(TypedResults.Stream(
            new SeekableObject(store, found.ObjectKey, found.Length),
            mediaType,
            fileDownloadName: null,
            found.StoredAt,
            new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(found.Sha256)}\""),
            enableRangeProcessing: true));
    }

    public static ErrorResult Refuse(VideoContentResult result, VideoFile file) => result switch
    {
        VideoContentResult.NotReady { State: VideoState.Ready } when file == VideoFile.Thumbnail =>
            ErrorTable.ThumbnailNotFound.Because("The file has no picture that could be taken."),
        VideoContentResult.NotReady { State: VideoState.Rejected, Rejection: { } rejection } =>
            ErrorTable.VideoRejected.Because(rejection.Message, ("rejection", Reason.Of(rejection)!)),
        VideoContentResult.NotReady { State: var state } =>
            ErrorTable.VideoNotReady.Because($"The video's state is '{state.ToString().ToLowerInvariant()}'.", ("state", state.ToString().ToLowerInvariant())),
        _ => ErrorTable.VideoNotFound.Because("The account has no video of this id."),
    };

    private Task<VideoContentResult> Find(Guid id, VideoFile file, Guid? accountId, CancellationToken cancellationToken) => cluster.Call(
        (grains, token) => grains.GetGrain<IVideoGrain>(id).GetContent(file, accountId, token), cancellationToken);

    /// <param name="id">The video.</param>
    /// <param name="objectKey">What the store has not.</param>
    /// <param name="now">What is said of the file after it was missed: a video may have been deleted since it was asked for.</param>
    /// <param name="file">Which file it is.</param>
    public ErrorResult Missing(Guid id, string objectKey, VideoContentResult now, VideoFile file)
    {
        if (now is not VideoContentResult.Found)
            return Refuse(now, file);
        LogMissing(id, objectKey);
        return ErrorTable.InternalError.Because("The file is lost for the moment. Tell the operator the request id.");
    }

    /// <summary>A link's last moment may be over since it was looked at, and clocks differ.</summary>
    private static TimeSpan Bounded(TimeSpan lifetime) => lifetime < LeastLifetime ? LeastLifetime : lifetime > MostLifetime ? MostLifetime : lifetime;

    /// <summary>What a token gives is its owner's alone, and asked for anew each time; what a link gives, any cache may keep for a while.</summary>
    private string CacheControl(TimeSpan? linkLeft)
    {
        if (linkLeft is not { } left)
            return "private, no-cache";
        var seconds = (long)Math.Min(left.TotalSeconds, options.CacheFor.TotalSeconds);
        return $"public, max-age={Math.Max(0, seconds)}";
    }

    [LoggerMessage(LogLevel.Error, "Video {VideoId}: {ObjectKey} is missing in the store; run storage verify.")]
    private partial void LogMissing(Guid videoId, string objectKey);
}
