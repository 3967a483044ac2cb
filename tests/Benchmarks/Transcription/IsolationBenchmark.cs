using System.Diagnostics;
using System.Globalization;
using AX2Caption.Captions;
using AX2Caption.Grains.Media;
using AX2Caption.Grains.Transcription;
using AX2Caption.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AX2Caption.Benchmarks.Transcription;

/// <summary>The same chunks by a decoder for each core, once on threads of this process and once in sandboxed processes, by turns.</summary>
internal sealed class IsolationBenchmark : IBenchmark
{
    private const int Rounds = 3;
    private const int WavHeader = 44;

    private static readonly int Decoders = Environment.ProcessorCount;

    public string Name => "isolation";

    public string Summary => "speech engines in processes of their own, which a native fault cannot leave, against threads: time and memory";

    public async Task<IReadOnlyList<Figure>> Run(TextWriter output, CancellationToken cancellationToken)
    {
        // Each sentence for each decoder, so that both ways keep all of them busy to the end.
        var chunks = SampleSpeech.Sentences.SelectMany(sentence => Enumerable.Repeat(PcmAudio.FromBytes(File.ReadAllBytes(sentence.WavPath).AsSpan(WavHeader)), Decoders)).ToList();
        using var engine = new PocketSphinxTranscriber(
            Options.Create(new PocketSphinxOptions { Decoders = Decoders }), Options.Create(new MediaSandboxOptions()), TimeProvider.System,
            NullLogger<PocketSphinxTranscriber>.Instance);
        var start = Stopwatch.GetTimestamp();
        await engine.CheckHealth(cancellationToken);
        var firstStart = Stopwatch.GetElapsedTime(start);
        var words = await Apart(engine, chunks, cancellationToken);
        var apartMemory = engine.Processes.Sum(process => Family(process).Sum(Proportional));

        var before = Proportional(Environment.ProcessId);
        var decoders = Enumerable.Range(0, Decoders).Select(_ => new PocketSphinxDecoder(new PocketSphinxModel(new PocketSphinxOptions().ModelPath))).ToList();
        var same = Together(decoders, chunks, cancellationToken);
        var togetherMemory = Proportional(Environment.ProcessId) - before;
        if (!words.Zip(same).All(pair => pair.First.SequenceEqual(pair.Second)))
            throw new InvalidOperationException("The two ways did not hear the same words.");
        Say($"{chunks.Count} chunks, {Decoders} decoders; the same words both ways. The first process was ready after {firstStart.TotalMilliseconds:0} ms.");

        var (apart, together) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var round = 1; round <= Rounds; round++)
        {
            start = Stopwatch.GetTimestamp();
            await Apart(engine, chunks, cancellationToken);
            var apartTook = Stopwatch.GetElapsedTime(start);
            start = Stopwatch.GetTimestamp();
            Together(decoders, chunks, cancellationToken);
            var togetherTook = Stopwatch.GetElapsedTime(start);
            Say($"Round {round}: processes {apartTook.TotalSeconds:0.00} s, threads {togetherTook.TotalSeconds:0.00} s");
            (apart, together) = (apart + apartTook, together + togetherTook);
        }

        decoders.ForEach(decoder => decoder.Dispose());
        return [new("ratio", apart / together), new("processMiB", apartMemory / Decoders / 1024.0), new("threadMiB", togetherMemory / Decoders / 1024.0)];

        void Say(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task<List<IReadOnlyList<Word>>> Apart(PocketSphinxTranscriber engine, List<PcmAudio> chunks, CancellationToken cancellationToken) =>
        [.. (await Task.WhenAll(chunks.Select(chunk => engine.Transcribe(chunk, "en", cancellationToken)))).Select(heard => heard.Words)];

    private static List<IReadOnlyList<Word>> Together(List<PocketSphinxDecoder> decoders, List<PcmAudio> chunks, CancellationToken cancellationToken)
    {
        var words = new IReadOnlyList<Word>[chunks.Count];
        var next = -1;
        var threads = decoders.Select(decoder => new Thread(() =>
        {
            for (var at = Interlocked.Increment(ref next); at < chunks.Count; at = Interlocked.Increment(ref next))
                words[at] = decoder.Recognize(chunks[at], cancellationToken);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return [.. words];
    }

    private static List<int> Family(int process)
    {
        var family = new List<int> { process };
        for (var at = 0; at < family.Count; at++)
            family.AddRange(File.ReadAllText($"/proc/{family[at]}/task/{family[at]}/children")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(child => int.Parse(child, CultureInfo.InvariantCulture)));
        return family;
    }

    /// <summary>Resident memory in KiB, with pages that several processes share counted once in all.</summary>
    private static long Proportional(int process)
    {
        const string Key = "Pss:";
        var line = File.ReadLines($"/proc/{process}/smaps_rollup").First(line => line.StartsWith(Key, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(Key.Length).Trim().TrimEnd("kB").Trim(), NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
