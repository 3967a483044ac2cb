using System.Diagnostics;
using System.Globalization;
using AX2Caption.Grains.Transcription;
using AX2Caption.Grains.Work;
using AX2Caption.Testing.Postgres;
using AX2Caption.Testing.Service;

namespace AX2Caption.Benchmarks.Transcription;

/// <summary>
/// Twenty minutes of speech through the whole service with a thread for each core, beside the engine alone, on one thread and on as many; then a shorter
/// one through two worker processes and through three, by turns, each held to the same share of a core.
/// </summary>
internal sealed class TranscribeBenchmark : IBenchmark
{
    /// <summary>The engine alone would take most of the run for all of it: before and after, it gets every eighth chunk on one thread and twice as many on all.</summary>
    private const int BareEvery = 8;

    private const double WorkerShare = 0.4;

    private static readonly TimeSpan Whole = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Part = TimeSpan.FromMinutes(2);

    // As many for each of three workers as make their ends come together.
    private static readonly ChunkOptions ShortChunks = new() { Target = TimeSpan.FromSeconds(4), Max = TimeSpan.FromSeconds(8) };

    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(100);

    public string Name => "transcribe";

    public string Summary => "20 minutes of speech: the service with all cores beside the engine alone, and how worker processes add up";

    public async Task<IReadOnlyList<Figure>> Run(TextWriter output, CancellationToken cancellationToken)
    {
        using var folder = new WorkFolder();
        var (whole, part) = (folder.File("whole.m4a"), folder.File("part.m4a"));
        await LongSpeech.Write(whole, Whole, cancellationToken);
        await LongSpeech.Write(part, Part, cancellationToken);
        await using var postgres = await PostgresServer.Start(cancellationToken);

        var (speedup, ofEngines) = await Speedup(whole, folder, postgres, Say, cancellationToken);
        var (two, three) = (TimeSpan.Zero, TimeSpan.Zero);
        foreach (var workers in (int[])[2, 3, 3, 2])
        {
            var took = await Shared(part, workers, postgres, Say, cancellationToken);
            (two, three) = workers == 2 ? (two + took, three) : (two, three + took);
        }

        return [new("speedup", speedup), new("ofEngines", ofEngines), new("perWorker", two * 2 / (three * 3))];

        void Say(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task<(double Speedup, double OfEngines)> Speedup(
        string path, WorkFolder folder, PostgresServer postgres, Action<FormattableString> say, CancellationToken cancellationToken)
    {
        using var bare = await BareRecognition.Of(path, folder.Folder("audio"), new ChunkOptions(), Environment.ProcessorCount, cancellationToken);
        await using var service = await CaptionService.Start(
            await postgres.CreateDatabase(cancellationToken), Settings(new ChunkOptions(), Environment.ProcessorCount), cancellationToken);
        using var client = service.CreateClient();
        var video = await Upload(client, path, cancellationToken);
        say($"{Whole.TotalMinutes} minutes of speech in {bare.Chunks} chunks, {Environment.ProcessorCount} worker threads.");

        var (alone, together) = (new List<BareRun>(), new List<double>());
        await Bare(0);
        var took = await Caption(client, video, bare.Chunks, cancellationToken);
        say($"Service: {took.TotalSeconds:0.0} s, {Whole / took:0.00} s of speech a second");
        await Bare(BareEvery / 2);

        var recognized = bare.Recognized / took;
        return (recognized / (Sum(alone, run => run.Audio) / Sum(alone, run => run.Took)), recognized / together.Average());

        async Task Bare(int first)
        {
            var one = bare.Alone(chunk => chunk % BareEvery == first, cancellationToken);
            var all = await bare.Together(chunk => chunk % BareEvery == first + 1 || chunk % BareEvery == first + 2, cancellationToken);
            alone.Add(one);
            together.Add(all.Sum(run => run.RealTime));
            say($"Engine alone: {one.RealTime:0.00} s of speech a second on one thread, {together[^1]:0.00} on {all.Count}");
        }

        static TimeSpan Sum(List<BareRun> runs, Func<BareRun, TimeSpan> part) => runs.Aggregate(TimeSpan.Zero, (sum, run) => sum + part(run));
    }

    /// <returns>How long the job took.</returns>
    private static async Task<TimeSpan> Shared(
        string path, int workers, PostgresServer postgres, Action<FormattableString> say, CancellationToken cancellationToken)
    {
        var database = await postgres.CreateDatabase(cancellationToken);
        var core = Settings(ShortChunks, slots: 1, ("Cluster__Roles__0", "core"));
        await using var service = await CaptionService.Prepare(database, core, cancellationToken);
        await service.StartSilo(cancellationToken);
        var silos = new List<CaptionService>();
        var shares = new List<ProcessorShare>();
        try
        {
            for (var i = 0; i < workers; i++)
            {
                var settings = Settings(ShortChunks, slots: 1, ("Cluster__Roles__0", "worker"), ("Storage__Root", service.ObjectFolder));
                silos.Add(await CaptionService.Prepare(database, settings, cancellationToken));
                await silos[i].StartSilo(cancellationToken);
            }

            await service.StartApi(cancellationToken);
            using var client = service.CreateClient();
            var video = await Upload(client, path, cancellationToken);
            // What a worker compiles while it does its first job is not measured; nor are starting and probing.
            await Caption(client, video, chunks: null, cancellationToken);
            // The engines run already, and are taken along.
            foreach (var silo in silos)
                shares.Add(ProcessorShare.Of(silo.SiloProcessIds(), WorkerShare));
            var took = await Caption(client, video, chunks: null, cancellationToken);
            say($"{workers} workers with {WorkerShare:P0} of a core each: {took.TotalSeconds:0.0} s for {Part.TotalSeconds} s of speech");
            return took;
        }
        finally
        {
            foreach (var silo in silos)
                await silo.DisposeAsync();
            foreach (var share in shares)
                share.Dispose();
        }
    }

    private static CaptionServiceSettings Settings(ChunkOptions chunks, int slots, params (string Key, string Value)[] others)
    {
        // Tests are in more of a hurry than the product is.
        var defaults = new WorkOptions();
        var silo = new Dictionary<string, string>
        {
            ["Worker__Slots"] = slots.ToString(CultureInfo.InvariantCulture),
            ["Worker__LeaseDuration"] = defaults.LeaseDuration.ToString(),
            ["Worker__HeartbeatInterval"] = defaults.HeartbeatInterval.ToString(),
            ["Worker__PollInterval"] = defaults.PollInterval.ToString(),
            ["Worker__SweepInterval"] = defaults.SweepInterval.ToString(),
            ["Transcription__PocketSphinx__Decoders"] = slots.ToString(CultureInfo.InvariantCulture),
            ["Transcription__Chunks__Target"] = chunks.Target.ToString(),
            ["Transcription__Chunks__Max"] = chunks.Max.ToString(),
            ["Credits__GuestGrant"] = "10000",
        };
        foreach (var (key, value) in others)
            silo[key] = value;
        return new CaptionServiceSettings { Silo = silo };
    }

    private static async Task<Guid> Upload(CaptionClient client, string path, CancellationToken cancellationToken)
    {
        await client.BecomeGuest(cancellationToken);
        var video = await client.UploadAndProbe(path, cancellationToken);
        return video.DurationMs is not null ? video.Id : throw new InvalidOperationException($"The sample was rejected: {video.Rejection}.");
    }

    private static async Task<TimeSpan> Caption(CaptionClient client, Guid video, int? chunks, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var job = await client.Submit(video, cancellationToken: cancellationToken);
        using var poll = new PeriodicTimer(PollEvery);
        while (!job.HasEnded)
        {
            await poll.WaitForNextTickAsync(cancellationToken);
            job = await client.Job(job.Id, cancellationToken);
        }

        var took = Stopwatch.GetElapsedTime(start);
        return job.State == "succeeded" && (chunks is null || job.Progress.ChunksTotal == chunks)
            ? took
            : throw new InvalidOperationException($"The job did not do what is compared here, {chunks} chunks recognised: {job}");
    }
}
