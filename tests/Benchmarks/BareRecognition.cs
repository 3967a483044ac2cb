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

    /// <summary>The length of all chunks together.</summary>
    public TimeSpan Recognized => chunks.Aggregate(TimeSpan.Zero, (sum, chunk) => sum + (chunk.End - chunk.Start));

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
        return new BareRecognition(audio, [.. ChunkPlanner.Overlap(ChunkPlanner.Plan(loudness, chunkOptions), chunkOptions).Where(chunk => chunk.HasSpeech)]);
    }

    /// <returns>How long it took, and how much of that time the kernel gave it a core.</returns>
    public (TimeSpan Took, double ShareOfCore) Run(CancellationToken cancellationToken)
    {
        var run = Run(static _ => true, cancellationToken);
        return (run.Took, run.ShareOfCore);
    }

    /// <summary>Recognises some of the chunks, by their number.</summary>
    public BareRun Run(Func<int, bool> chosen, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var processorTime = Environment.CpuUsage.TotalTime;
        var done = TimeSpan.Zero;
        foreach (var (_, chunk) in chunks.Index().Where(chunk => chosen(chunk.Index)))
        {
            decoder.Recognize(new PcmAudio(audio.Samples[Sample(chunk.Start)..Sample(chunk.End)]), cancellationToken);
            done += chunk.End - chunk.Start;
        }

        var took = Stopwatch.GetElapsedTime(start);
        return new BareRun(done, took, (Environment.CpuUsage.TotalTime - processorTime) / took);
    }

    public void Dispose() => decoder.Dispose();

    private static int Sample(TimeSpan position) => (int)(PcmAudio.BytesOf(position) / PcmAudio.BytesPerSample);
}

/// <summary>What the engine alone did.</summary>
/// <param name="Audio">The length of what it recognised.</param>
/// <param name="Took">How long it took.</param>
/// <param name="ShareOfCore">How much of that time the kernel gave it a core.</param>
internal sealed record BareRun(TimeSpan Audio, TimeSpan Took, double ShareOfCore)
{
    /// <summary>Seconds of speech in one second.</summary>
    public double RealTime => Audio / Took;
}
