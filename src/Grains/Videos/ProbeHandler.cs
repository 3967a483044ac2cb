using System.Security.Cryptography;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Media;
using AX2Caption.Grains.Work;
using AX2Caption.Storage;

namespace AX2Caption.Grains.Videos;

/// <summary>Looks into an uploaded file, takes a picture of it and moves it to its place if it can be captioned.</summary>
internal sealed class ProbeHandler(IObjectStore objects, MediaProbe probe, Thumbnailer thumbnailer) : ITaskHandler
{
    public TaskKind Kind => TaskKind.Probe;

    public async Task<TaskOutcome> Handle(ClaimedTask task, string scratch, CancellationToken cancellationToken)
    {
        var input = (TaskInput.Probe)task.Input;

        // An earlier attempt may have been interrupted right after it moved the object.
        var key = await objects.Stat(input.ObjectKey, cancellationToken) is null ? input.ReadyKey : input.ObjectKey;
        var path = Path.Combine(Directory.CreateDirectory(scratch).FullName, "source");
        await objects.Download(key, path, cancellationToken);
        var maximum = input.MaximumDurationMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : (TimeSpan?)null;
        switch (await probe.Probe(path, maximum, cancellationToken))
        {
            case MediaProbeResult.Playable { Info: var info }:
                var source = new StoredFile(input.ReadyKey, new FileInfo(path).Length, input.Sha256 ?? await Hash(path, cancellationToken));
                var thumbnail = await StoreThumbnail(input.ThumbnailKey, path, info, scratch, cancellationToken);
                await objects.Move(input.ObjectKey, input.ReadyKey, cancellationToken);
                return new TaskOutcome.Playable(
                    Summarise(info, thumbnail is not null), input.ReadyKey, thumbnail is null ? [source] : [source, thumbnail]);
            case MediaProbeResult.Rejected rejected:
                return new TaskOutcome.Unplayable(new Failure(rejected.Code, rejected.Detail));
            case var unknown:
                throw new InvalidOperationException($"Unknown result {unknown}.");
        }
    }

    private async Task<StoredFile?> StoreThumbnail(string? key, string path, MediaInfo info, string scratch, CancellationToken cancellationToken)
    {
        if (key is null)
            return null;

        var folder = Directory.CreateDirectory(Path.Combine(scratch, "out")).FullName;
        if (await thumbnailer.Take(path, info, folder, cancellationToken) is not { } picture)
        {
            // An earlier attempt, which does not count, may have had more luck.
            await objects.Delete(key, cancellationToken);
            return null;
        }

        await using var content = File.OpenRead(picture);
        var written = await objects.Put(key, content, cancellationToken);
        return new StoredFile(key, written.Length, written.Sha256);
    }

    private static async Task<byte[]> Hash(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return await SHA256.HashDataAsync(file, cancellationToken);
    }

    private static MediaSummary Summarise(MediaInfo info, bool hasThumbnail) => new(
        info.Duration,
        info.Format,
        [.. info.Streams.Select(stream => new Abstractions.Videos.MediaStream(
            stream.Index, stream.Kind.ToString().ToLowerInvariant(), stream.Codec, stream.Language, stream.Duration))],
        info.AudioStreamIndex,
        hasThumbnail);
}
