using System.Diagnostics;
using System.Globalization;
using AX2Caption.Grains.Transcription;
using AX2Caption.Grains.Work;
using AX2Caption.Testing.Postgres;
using AX2Caption.Testing.Service;

namespace AX2Caption.Benchmarks.Transcription;

/// <summary>
/// Twenty minutes of speech through the whole service with a thread for each core, beside the engine alone on one thread; then a shorter one through two
/// worker processes and through three, each held to the same share of a core.
/// </summary>
internal sealed class TranscribeBenchmark : IBenchmark
{
    /// <summary>The engine alone would take most of the run for all of it: it gets every eighth chunk, before and after.</summary>
    private const int BareEvery = 8;

    private const double WorkerShare = 0.4;

    private static readonly TimeSpan Whole = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Part = TimeSpan.FromSeconds(75);

    // As many for each of three workers as make their ends come together.
    private static readonly ChunkOptions ShortChunks = new() { Target = TimeSpan.FromSeconds(4), Max = TimeSpan.FromSeconds(8) };

    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(100);

    public string Name => "transcribe";

    public string Summary => "20 minutes of speech: the service with all cores beside the engine alone, and how more worker processes add up";

    public async Task<IReadOnlyList<Figure>> Run(TextWriter output, CancellationToken cancellationToken)
    {
        using var folder = new WorkFolder();
        var (whole, part) = (folder.File("whole.m4a"), folder.File("part.m4a"));
        await LongSpeech.Write(whole, Whole, cancellationToken);
        await LongSpeech.Write(part, Part, cancellationToken);
        await using var postgres = await PostgresServer.Start(cancellationToken);

        var speedup = await Speedup(whole, folder, postgres, Say, cancellationToken);
        var two = await Shared(part, workers: 2, postgres, Say, cancellationToken);
        var three = await Shared(part, workers: 3, postgres, Say, cancellationToken);
        return [new("speedup", speedup), new("perWorker", two * 2 / (three * 3))];

        void Say(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task<double> Speedup(
        string path, WorkFolder folder, PostgresServer postgres, Action<FormattableString> say, CancellationToken cancellationToken)
    {
        using var bare = await BareRecognition.Of(path, folder.Folder("audio"), new ChunkOptions(), cancellationToken);
        await using var service = await CaptionService.Start(
            await postgres.CreateDatabase(cancellationToken), Settings(new ChunkOptions(), Environment.ProcessorCount), cancellationToken);
        using var client = service.CreateClient();
        var video = await Upload(client, path, cancellationToken);
        say($"{Whole.TotalMinutes} minutes of speech in {bare.Chunks} chunks, {Environment.ProcessorCount} worker threads.");

        var before = bare.Run(chunk => chunk % BareEvery == 0, cancellationToken);
        say($"Engine alone, every {BareEvery}th chunk: {before.RealTime:0.00} s of speech a second, with {before.ShareOfCore:P0} of a core");
        var took = await Caption(client, video, bare.Chunks, cancellationToken);
        say($"Service: {took.TotalSeconds:0.0} s, {Whole / took:0.00} s of speech a second");
        var after = bare.Run(chunk => chunk % BareEvery == BareEvery / 2, cancellationToken);
        say($"Engine alone, every {BareEvery}th chunk: {after.RealTime:0.00} s of speech a second, with {after.ShareOfCore:P0} of a core");
        return bare.Recognized / ((before.Audio + after.Audio) / (before.Took + after.Took)) / took;
    }

    /// <returns>Seconds that the job took.</returns>
    private static async Task<double> Shared(
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
            // From here on: starting and probing are not what is measured. The engines of the health checks run already, and are taken along.
            foreach (var silo in silos)
                shares.Add(ProcessorShare.Of(silo.SiloProcessIds(), WorkerShare));
            var took = await Caption(client, video, chunks: null, cancellationToken);
            say($"{workers} workers with {WorkerShare:P0} of a core each: {took.TotalSeconds:0.0} s for {Part.TotalSeconds} s of speech");
            return took.TotalSeconds;
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
