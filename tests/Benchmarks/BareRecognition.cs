using System.Collections.Concurrent;
using System.Diagnostics;
using AX2Caption.Grains.Media;
using AX2Caption.Grains.Transcription;
using Microsoft.Extensions.Options;

namespace AX2Caption.Benchmarks;

/// <summary>The recognition that a job consists of, and nothing else: the job's chunks by decoders in this process, each on a thread of its own.</summary>
internal sealed class BareRecognition : IDisposable
{
    private readonly PcmAudio audio;
    private readonly IReadOnlyList<Chunk> chunks;
    private readonly List<PocketSphinxDecoder> decoders = [];

    private BareRecognition(PcmAudio audio, IReadOnlyList<Chunk> chunks, int decoders)
    {
        this.audio = audio;
        this.chunks = chunks;
        for (var i = 0; i < decoders; i++)
            this.decoders.Add(new PocketSphinxDecoder(new PocketSphinxModel(new PocketSphinxOptions().ModelPath)));
    }

    public int Chunks => chunks.Count;

    /// <summary>The length of all chunks together.</summary>
    public TimeSpan Recognized => chunks.Aggregate(TimeSpan.Zero, (sum, chunk) => sum + (chunk.End - chunk.Start));

    /// <summary>Extracts the audio and plans the chunks as a worker does.</summary>
    public static async Task<BareRecognition> Of(
        string video, string audioFolder, ChunkOptions chunkOptions, int decoders, CancellationToken cancellationToken)
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
        return new BareRecognition(audio, [.. ChunkPlanner.Overlap(ChunkPlanner.Plan(loudness, chunkOptions), chunkOptions).Where(chunk => chunk.HasSpeech)], decoders);
    }

    /// <summary>Recognises some of the chunks, by their number, with one decoder.</summary>
    public BareRun Alone(Func<int, bool> chosen, CancellationToken cancellationToken) => Run(decoders[0], Chosen(chosen), cancellationToken);

    /// <summary>Recognises some of the chunks, by their number, with all decoders at once.</summary>
    /// <returns>What each of them did.</returns>
    public async Task<IReadOnlyList<BareRun>> Together(Func<int, bool> chosen, CancellationToken cancellationToken)
    {
        var queue = Chosen(chosen);
        return await Task.WhenAll(decoders.Select(decoder => Task.Factory.StartNew(
            () => Run(decoder, queue, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }

    public void Dispose() => decoders.ForEach(decoder => decoder.Dispose());

    private ConcurrentQueue<Chunk> Chosen(Func<int, bool> chosen) => new(chunks.Where((_, i) => chosen(i)));

    private BareRun Run(PocketSphinxDecoder decoder, ConcurrentQueue<Chunk> queue, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var done = TimeSpan.Zero;
        while (queue.TryDequeue(out var chunk))
        {
            decoder.Recognize(new PcmAudio(audio.Samples[Sample(chunk.Start)..Sample(chunk.End)]), cancellationToken);
            done += chunk.End - chunk.Start;
        }

        return new BareRun(done, Stopwatch.GetElapsedTime(start));
    }

    private static int Sample(TimeSpan position) => (int)(PcmAudio.BytesOf(position) / PcmAudio.BytesPerSample);
}

/// <summary>What one decoder did.</summary>
/// <param name="Audio">The length of what it recognised.</param>
/// <param name="Took">How long it took.</param>
internal sealed record BareRun(TimeSpan Audio, TimeSpan Took)
{
    /// <summary>Seconds of speech in one second.</summary>
    public double RealTime => Audio / Took;
}
