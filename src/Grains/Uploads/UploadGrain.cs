using AX2Caption.Grains.Abstractions.Uploads;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Time;
using AX2Caption.Grains.Videos;
using AX2Caption.Grains.Work;
using AX2Caption.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Uploads;

internal sealed partial class UploadGrain(
    UploadStore store,
    PartialUploads partials,
    DirectUploads direct,
    IOptions<UploadOptions> options,
    TimeProvider time,
    ILogger<UploadGrain> logger) : Grain, IUploadGrain
{
    private readonly UploadOptions options = options.Value;

    private Guid VideoId => this.GetPrimaryKey();

    private IVideoGrain VideoGrain => GrainFactory.GetGrain<IVideoGrain>(VideoId);

    public async Task<CreateUploadResult> Create(CreateUpload command) =>
        await BeginVideo(command) ?? await Insert(command, new UploadProgress(0, null), partBytes: null);

    public async Task<CreateUploadResult> CreateDirect(CreateUpload command)
    {
        if (!direct.AreOffered)
        {
            return new CreateUploadResult.NotOffered();
        }

        if (await BeginVideo(command) is { } refusal)
        {
            return refusal;
        }

        if (await store.Load(VideoId) is { } existing)
        {
            return new CreateUploadResult.Created(existing.Snapshot);
        }

        // A crash before the row leaves a write without parts, which the store's own sweep takes.
        var begun = await direct.Begin(VideoId, command.Length);
        return await Insert(command, new UploadProgress(0, begun.State), begun.PartBytes);
    }

    public async Task<SignPartsResult> SignParts(Guid accountId, IReadOnlyList<int> numbers)
    {
        if (!direct.AreOffered || await FindDirect(accountId) is not { IsComplete: false, Snapshot.Parts: { } plan } upload)
        {
            return new SignPartsResult.NotFound();
        }

        if (numbers.Any(number => number < 1 || number > plan.Count))
        {
            return new SignPartsResult.NoSuchPart(plan.Count);
        }

        var lifetime = options.PartAddressLifetime;
        return new SignPartsResult.Signed([.. numbers.Select(number => direct.Sign(upload, number, lifetime))], time.UtcNow() + lifetime);
    }

    public async Task<FinishDirectResult> FinishDirect(Guid accountId, IReadOnlyList<UploadPart> parts)
    {
        if (!direct.AreOffered || await FindDirect(accountId) is not { } upload)
        {
            return new FinishDirectResult.NotFound();
        }

        if (!upload.IsComplete)
        {
            try
            {
                if (await direct.Finish(upload, parts) is { Count: > 0 } wrong)
                {
                    return new FinishDirectResult.WrongParts(wrong);
                }
            }
            catch (ObjectNotFoundException)
            {
                return new FinishDirectResult.NotFound();
            }

            if (await store.Change(VideoId, before => before.Finished()) is not { } change || (change.After ?? change.Before) is not { IsComplete: true } finished)
            {
                await partials.DeleteIfTooLate(VideoId);
                return new FinishDirectResult.NotFound();
            }

            upload = finished;
        }

        await TryComplete(upload, sha256: null);
        return new FinishDirectResult.Finished(upload.Snapshot);
    }

    private async Task<Upload?> FindDirect(Guid accountId) =>
        await store.Load(VideoId) is { IsDirect: true } upload && upload.AccountId == accountId && (upload.IsOpen || upload.IsComplete)
            && !upload.IsExpired(time.UtcNow())
            ? upload
            : null;

    /// <returns>Why not; null if the video waits for its bytes.</returns>
    private async Task<CreateUploadResult?> BeginVideo(CreateUpload command)
    {
        switch (await VideoGrain.BeginUpload(new BeginUpload(command.AccountId, command.FileName, command.Length)))
        {
            case BeginUploadResult.AccountNotFound:
                return new CreateUploadResult.AccountNotFound();
            case BeginUploadResult.TooManyVideos { Limit: var limit }:
                return new CreateUploadResult.TooManyVideos(limit);
            case BeginUploadResult.TooLarge { MaximumLength: var maximum }:
                return new CreateUploadResult.TooLarge(maximum);
            default:
                return null;
        }
    }

    private async Task<CreateUploadResult> Insert(CreateUpload command, UploadProgress progress, long? partBytes)
    {
        var now = time.UtcNow();
        var upload = new Upload(
            VideoId, command.AccountId, IsOpen: true, command.Length, progress, command.Metadata, partBytes,
            Writer: null, WriterIsLive: false, now, now + (partBytes is null ? options.ExpireAfter : options.MaximumAge));
        await store.Insert(upload);
        return new CreateUploadResult.Created((await store.Load(VideoId) ?? upload).Snapshot);
    }

    public async Task<UploadResult> Get(Guid accountId, CancellationToken cancellationToken)
    {
        if (await store.Load(VideoId, cancellationToken) is not { } upload || upload.AccountId != accountId)
        {
            return new UploadResult.NotFound();
        }

        return !upload.IsComplete && upload.IsExpired(time.UtcNow()) ? new UploadResult.Expired() : new UploadResult.Found(upload.Snapshot);
    }

    public async Task<BeginWriteResult> BeginWrite(BeginWrite command)
    {
        var now = time.UtcNow();
        var change = await store.Change(VideoId, before =>
            before.AccountId == command.AccountId && !before.IsExpired(now) && before.Progress.Written == command.Offset
                ? before.TakenBy(command.Writer)
                : null);
        if (change is not { Before: var upload, After: var taken } || upload.AccountId != command.AccountId)
        {
            return new BeginWriteResult.NotFound();
        }

        if (taken is not null)
        {
            return new BeginWriteResult.Granted(taken.Snapshot, Video.IncomingKey(VideoId), taken.Progress, options.WriterLease);
        }

        if (upload.IsComplete && upload.Progress.Written == command.Offset)
        {
            await TryComplete(upload, sha256: null);
            return new BeginWriteResult.Complete(upload.Snapshot);
        }

        return upload switch
        {
            _ when upload.IsExpired(now) => new BeginWriteResult.Expired(),
            // Whoever writes at the moment moves the offset: it is no use to name it.
            _ when upload.IsLockedFor(command.Writer) => new BeginWriteResult.Locked(),
            { IsOpen: false, IsComplete: false } or { IsDirect: true } => new BeginWriteResult.NotFound(),
            _ => new BeginWriteResult.OtherOffset(upload.Progress.Written),
        };
    }

    public async Task<WriterStanding> ExtendWrite(Guid writer, UploadProgress progress) =>
        await store.Change(VideoId, before => before.Extended(writer, progress, time.UtcNow(), options)) switch
        {
            { After: not null } => WriterStanding.Holds,
            { Before.IsOpen: true } => WriterStanding.Replaced,
            _ => WriterStanding.UploadGone,
        };

    public async Task<EndWriteResult> EndWrite(Guid writer, UploadProgress progress, byte[]? sha256)
    {
        var change = await store.Change(VideoId, before => before.Released(writer, progress, time.UtcNow(), options));
        if (change is not { Before: var before } || (!before.IsOpen && !before.IsComplete))
        {
            return new EndWriteResult.UploadGone();
        }

        var upload = change.Value.After ?? before;
        if (change.Value.After is null && (before.Writer is not null || before.Progress.Written != progress.Written))
        {
            return new EndWriteResult.Replaced();
        }

        await TryComplete(upload, sha256);
        return new EndWriteResult.Noted(upload.Snapshot);
    }

    public async Task<bool> Terminate(Guid accountId)
    {
        if (await store.Load(VideoId) is not { IsOpen: true, IsComplete: false } upload || upload.AccountId != accountId)
        {
            return false;
        }

        await VideoGrain.AbandonUpload();
        return true;
    }

    public async Task Drive()
    {
        if (await store.Load(VideoId) is not { } upload)
        {
            return;
        }

        if (upload is { IsOpen: true, IsComplete: true })
        {
            await Complete(upload, sha256: null);
        }
        else if (upload.IsExpired(time.UtcNow()))
        {
            // Of a complete one only the memory of how it came is over; of one whose video was deleted the pieces may be there.
            await (upload.IsOpen ? VideoGrain.AbandonUpload() : upload.IsComplete ? store.Delete(VideoId) : partials.Drop(VideoId));
        }
    }

    /// <summary>
    /// Of an upload whose bytes are all safe, and whose row says so, makes the object and tells the video. What fails here is done
    /// by the sweep, and the client need not know.
    /// </summary>
    private async Task TryComplete(Upload upload, byte[]? sha256)
    {
        if (upload is not { IsComplete: true, IsOpen: true })
        {
            return;
        }

        try
        {
            await Complete(upload, sha256);
        }
        catch (Exception fault) when (fault is IOException or ObjectNotFoundException or UnauthorizedAccessException || Transient.Is(fault))
        {
            LogCompletionOwed(fault, VideoId);
        }
    }

    private async Task Complete(Upload upload, byte[]? sha256)
    {
        await partials.Finish(upload);
        if (await VideoGrain.CompleteUpload(new CompleteUpload(upload.AccountId, upload.Length, sha256)) is VideoResult.NotFound)
        {
            await partials.DeleteIfTooLate(VideoId);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Upload {VideoId} is complete and its video still is to be told.")]
    private partial void LogCompletionOwed(Exception fault, Guid videoId);
}
