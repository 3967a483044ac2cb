using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AX2Caption.Api.Videos;

/// <summary>
/// Stores one file: the video grain notes the upload before the first byte is stored and completes it after the last.
/// An upload that does not get there is abandoned, which deletes what was stored.
/// </summary>
internal sealed class VideoUpload(ClusterCalls cluster, IObjectStore store, TimeProvider time, ILogger<VideoUpload> log)
{
    /// <summary>Abandoning is a courtesy, since what never completes is swept; it must not keep the client waiting for long.</summary>
    private static readonly TimeSpan AbandonFor = TimeSpan.FromSeconds(10);

    public async Task<Results<Created<Video>, ErrorResult>> Store(Guid accountId, UploadedFile file, CancellationToken cancellationToken)
    {
        var videoId = Guid.CreateVersion7(time.GetUtcNow());
        var begun = await cluster.Call(
            (grains, _) => grains.GetGrain<IVideoGrain>(videoId).BeginUpload(new BeginUpload(accountId, file.Name)), cancellationToken);
        return begun switch
        {
            BeginUploadResult.Begun { ObjectKey: var key, MaximumLength: var maximum } =>
                await Receive(videoId, accountId, key, file.Open(maximum), cancellationToken),
            BeginUploadResult.TooLarge { MaximumLength: var most } => UploadStream.TooLargeError(most),
            BeginUploadResult.TooManyVideos { Limit: var limit } => TooManyVideos(limit),
            BeginUploadResult.AccountNotFound => AccountGone(),
            _ => throw new InvalidOperationException($"Unknown answer {begun.GetType().Name}."),
        };
    }

    public static ErrorResult TooManyVideos(int limit) =>
        ErrorTable.TooManyVideos.Because($"An account may have {limit} videos.", ("limit", limit));

    public static ErrorResult AccountGone() => ErrorTable.TokenInvalid.Because("Its account does not exist any more.");

    private async Task<Results<Created<Video>, ErrorResult>> Receive(
        Guid videoId, Guid accountId, string key, Stream content, CancellationToken cancellationToken)
    {
        var completed = false;
        try
        {
            var written = await store.Put(key, content, cancellationToken);
            if (written.Length == 0)
                return ErrorTable.FileEmpty.Because("The file has no bytes.");

            var result = await cluster.Call(
                (grains, _) => grains.GetGrain<IVideoGrain>(videoId)
                    .CompleteUpload(new CompleteUpload(accountId, written.Length, written.Sha256)),
                cancellationToken);
            if (result is not VideoResult.Found { Video: var video })
                return ErrorTable.VideoNotFound.Because("The upload took so long that it was given up. Send it again.");

            completed = true;
            return TypedResults.Created($"/v1/videos/{videoId}", Video.Of(video));
        }
        finally
        {
            if (!completed)
                await Abandon(videoId);
        }
    }

    private async Task Abandon(Guid videoId)
    {
        // Not the request's token: the client has often left by now.
        using var limit = new CancellationTokenSource(AbandonFor, time);
        try
        {
            await cluster.Call(
                async (grains, _) =>
                {
                    await grains.GetGrain<IVideoGrain>(videoId).AbandonUpload();
                    return true;
                },
                limit.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ClusterUnavailableException)
        {
            log.LogWarning(exception, "The upload of video {VideoId} could not be abandoned; the sweep will", videoId);
        }
    }
}
