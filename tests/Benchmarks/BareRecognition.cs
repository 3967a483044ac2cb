using System.Diagnostics;
using AX2Caption.Grains.Media;
using AX2Caption.Grains.Transcription;
using Microsoft.Extensions.Options;

namespace AX2Caption.Benchmarks;

/// <summary>The recognition that a job consists of, and nothing else: the job's chunks, one after the other, by one decoder in this process.</summary>
internal sealed class BareRecognition : IDisposable
{
    private readonly PcmAudio audio;
    private readonly IReadOnlyList<Chunk> chunks;
    private readonly PocketSphinxDecoder decoder = new(new PocketSphinxModel(new PocketSphinxOptions().ModelPath));

    private BareRecognition(PcmAudio audio, IReadOnlyList<Chunk> chunks)
    {
        this.audio = audio;
        this.chunks = chunks;
    }

    public int Chunks => chunks.Count;

    /// <summary>Extracts the audio and plans the chunks as a worker does.</summary>
    public static async Task<BareRecognition> Of(
        string video, string audioFolder, ChunkOptions chunkOptions, CancellationToken cancellationToken)
    {
        var options = Options.Create(new MediaOptions());
        var sandbox = new MediaSandbox(Options.Create(new MediaSandboxOptions()), TimeProvider.System);
        if (await new MediaProbe(sandbox, options).Probe(video, maximumDuration: null, cancellationToken) is not MediaProbeResult.Playable { Info: var info })
            throw new InvalidOperationException("The sample is not playable.");

        var path = await new AudioExtractor(sandbox, options).Extract(video, info.AudioStreamIndex, audioFolder, info.Duration, cancellationToken);
        await using var pcm = File.OpenRead(path);
        var loudness = await LoudnessCurve.Measure(pcm, cancellationToken);
        pcm.Position = 0;
        var audio = await PcmAudio.Read(pcm, loudness.Duration, cancellationToken);
        return new BareRecognition(audio, [.. ChunkPlanner.Plan(loudness, chunkOptions).Where(chunk => chunk.HasSpeech)]);
    }

    /// <returns>How long it took, and how much of that time the kernel gave it a core.</returns>
    public (TimeSpan Took, double ShareOfCore) Run(CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var processorTime = Environment.CpuUsage.TotalTime;
        foreach (var chunk in chunks)
            decoder.Recognize(new PcmAudio(audio.Samples[Sample(chunk.Start)..Sample(chunk.End)]), cancellationToken);
        var took = Stopwatch.GetElapsedTime(start);
        return (took, (Environment.CpuUsage.TotalTime - processorTime) / took);
    }

    public void Dispose() => decoder.Dispose();

    private static int Sample(TimeSpan position) => (int)(PcmAudio.BytesOf(position) / PcmAudio.BytesPerSample);
}
