using System.Diagnostics;
using System.Globalization;
using AX2Caption.Grains.Transcription;
using AX2Caption.Grains.Work;
using AX2Caption.Testing;
using AX2Caption.Testing.Postgres;
using AX2Caption.Testing.Service;

namespace AX2Caption.Benchmarks;

/// <summary>One long video, captioned through the HTTP API by a service with one worker slot and by one with a slot for each core.</summary>
internal sealed class JobsBenchmark : IBenchmark
{
    private const int Rounds = 2;
    private const int FewestChunks = 8;

    // A third of the product's defaults: enough chunks to share out, in a run of minutes. It makes what a chunk costs beside its recognition weigh more.
    private static readonly ChunkOptions Chunks = new() { Target = TimeSpan.FromSeconds(10), Max = TimeSpan.FromSeconds(20) };

    // About three chunks each.
    private static readonly int Repetitions = Math.Max(4, Environment.ProcessorCount);

    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(100);

    public string Name => "jobs";

    public string Summary => "a long video through the HTTP API: how fast, how much faster with all cores, how much slower than bare recognition";

    public async Task<IReadOnlyList<Figure>> Run(TextWriter output, CancellationToken cancellationToken)
    {
        using var folder = new WorkFolder();
        var video = folder.File("sample.mp4");
        await SampleSpeech.WriteVideo(video, Repetitions, cancellationToken);
        using var recognition = await BareRecognition.Of(video, folder.Folder("audio"), Chunks, cancellationToken);
        if (recognition.Chunks < FewestChunks)
            throw new InvalidOperationException($"The sample has only {recognition.Chunks} chunks.");

        await using var postgres = await PostgresServer.Start(cancellationToken);
        await using var oneSlot = await Start(postgres, 1, cancellationToken);
        await using var allSlots = await Start(postgres, Environment.ProcessorCount, cancellationToken);
        using var oneSlotUser = new User(oneSlot.CreateClient());
        using var allSlotsUser = new User(allSlots.CreateClient());
        var media = await oneSlotUser.Upload(video, cancellationToken);
        await allSlotsUser.Upload(video, cancellationToken);
        Say($"{media.TotalSeconds:0.0} s of speech in {recognition.Chunks} chunks; two services, one with 1 slot and one with {Environment.ProcessorCount}. {Rounds} rounds.");

        var (one, all, bare) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        for (var round = 1; round <= Rounds; round++)
        {
            var oneTook = await oneSlotUser.Caption(recognition.Chunks, cancellationToken);
            Say($"Round {round}: 1 slot {oneTook.TotalSeconds:0.0} s");
            var allTook = await allSlotsUser.Caption(recognition.Chunks, cancellationToken);
            Say($"Round {round}: all slots {allTook.TotalSeconds:0.0} s");
            var (bareTook, share) = recognition.Run(cancellationToken);
            Say($"Round {round}: bare recognition {bareTook.TotalSeconds:0.0} s, with {share:P0} of a core; the less, the busier the machine is with other things");
            (one, all, bare) = (one + oneTook, all + allTook, bare + bareTook);
        }

        return [new("speedup", one / all), new("realtime", media * Rounds / all), new("overhead", one / bare)];

        void Say(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task<CaptionService> Start(PostgresServer postgres, int slots, CancellationToken cancellationToken)
    {
        // Tests are in more of a hurry than the product is.
        var defaults = new WorkOptions();
        var settings = new CaptionServiceSettings
        {
            Silo = new Dictionary<string, string>
            {
                ["Worker__Slots"] = slots.ToString(CultureInfo.InvariantCulture),
                ["Worker__LeaseDuration"] = defaults.LeaseDuration.ToString(),
                ["Worker__HeartbeatInterval"] = defaults.HeartbeatInterval.ToString(),
                ["Worker__PollInterval"] = defaults.PollInterval.ToString(),
                ["Worker__SweepInterval"] = defaults.SweepInterval.ToString(),
                ["Transcription__Chunks__Target"] = Chunks.Target.ToString(),
                ["Transcription__Chunks__Max"] = Chunks.Max.ToString(),
                ["Credits__GuestGrant"] = "10000",
            },
        };
        return await CaptionService.Start(await postgres.CreateDatabase(cancellationToken), settings, cancellationToken);
    }

    private sealed class User(CaptionClient client) : IDisposable
    {
        private Guid video;

        /// <returns>The media's duration.</returns>
        public async Task<TimeSpan> Upload(string path, CancellationToken cancellationToken)
        {
            await client.BecomeGuest(cancellationToken);
            var probed = await client.UploadAndProbe(path, cancellationToken);
            video = probed.Id;
            return TimeSpan.FromMilliseconds(probed.DurationMs ?? throw new InvalidOperationException($"The sample was rejected: {probed.Rejection}."));
        }

        /// <returns>The time from the submission to the end, as the client sees it.</returns>
        public async Task<TimeSpan> Caption(int chunks, CancellationToken cancellationToken)
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
            return job.State == "succeeded" && job.Progress.ChunksTotal == chunks
                ? took
                : throw new InvalidOperationException($"The job did not do what is compared here, {chunks} chunks recognised: {job}");
        }

        public void Dispose() => client.Dispose();
    }
}
