using System.Security.Cryptography;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Media;
using AX2Caption.Grains.Work;
using AX2Caption.Storage;

namespace AX2Caption.Grains.Videos;

/// <summary>Looks into an uploaded file and moves it to its place if it can be captioned.</summary>
internal sealed class ProbeHandler(IObjectStore objects, MediaProbe probe) : ITaskHandler
{
    public TaskKind Kind => TaskKind.Probe;

    public async Task<TaskOutcome> Handle(ClaimedTask task, string scratch, CancellationToken cancellationToken)
    {
        var input = (TaskInput.Probe)task.Input;

        // An earlier attempt may have been interrupted right after it moved the object.
        var key = await objects.Stat(input.ObjectKey, cancellationToken) is null ? input.ReadyKey : input.ObjectKey;
        var path = Path.Combine(scratch, "source");
        await objects.Download(key, path, cancellationToken);
        switch (await probe.Probe(path, cancellationToken))
        {
            case MediaProbeResult.Playable playable:
                var source = new StoredFile(input.ReadyKey, new FileInfo(path).Length, input.Sha256 ?? await Hash(path, cancellationToken));
                await objects.Move(input.ObjectKey, input.ReadyKey, cancellationToken);
                return new TaskOutcome.Playable(Summarise(playable.Info), input.ReadyKey, [source]);
            case MediaProbeResult.Rejected rejected:
                return new TaskOutcome.Unplayable(new Failure(rejected.Code, rejected.Detail));
            case var unknown:
                throw new InvalidOperationException($"Unknown result {unknown}.");
        }
    }

    private static async Task<byte[]> Hash(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return await SHA256.HashDataAsync(file, cancellationToken);
    }

    private static MediaSummary Summarise(MediaInfo info) => new(
        info.Duration,
        info.Format,
        [.. info.Streams.Select(stream => new Abstractions.Videos.MediaStream(
            stream.Index, stream.Kind.ToString().ToLowerInvariant(), stream.Codec, stream.Language))],
        info.AudioStreamIndex);
}
