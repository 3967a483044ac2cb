using AX2Caption.Captions;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Tests.Jobs;

[Collection<MediaCluster>]
public sealed class ComposingCaptions(ServiceFixture service) : ClusterScenario(service)
{
    private HandWorker Worker => new(Service);

    [Fact]
    public async Task What_two_chunks_heard_of_the_same_stretch_is_captioned_once()
    {
        var job = await Prepared("en", new(0, TimeSpan.Zero, Seconds(11.5)), new(1, Seconds(8.5), Seconds(20)));
        await Transcribe(0, "en", Word("he", 8), Word("was", 9.8), Word("not", 10.2), Word("and", 11.1));
        await Transcribe(1, "en", Word("us", 9.5), Word("not", 10.2), Word("an", 10.8), Word("ill", 12));

        var transcript = await Composed(job);

        Assert.Equal("he was not an ill", string.Join(' ', transcript.Words.Select(word => word.Text)));
        Assert.Null((await Service.Get(job)).DetectedLanguage);
    }

    [Fact]
    public async Task A_language_that_was_asked_for_stays_whatever_chunks_say()
    {
        var job = await Prepared("en-GB", new ChunkSpan(0, TimeSpan.Zero, Seconds(10)));
        await Transcribe(0, "ko", Word("a", 1));

        Assert.Equal("en-GB", (await Composed(job)).Language);
        Assert.Equal(("en-GB", null), ((await Service.Get(job)).Language, (await Service.Get(job)).DetectedLanguage));
    }

    private async Task<JobSnapshot> Prepared(string language, params ChunkSpan[] chunks)
    {
        var accountId = await Service.NewGuest();
        var submitted = await Service.Job(Guid.CreateVersion7()).Submit(new SubmitJob(accountId, await Service.ReadyVideo(accountId), language, Profile: null));
        var prepare = await Worker.Claim();
        await Worker.Start(prepare);
        await Service.Put(JobKeys.Audio(prepare));
        await Worker.Complete(prepare, new TaskOutcome.Prepared(JobKeys.Audio(prepare), chunks));
        return Assert.IsType<SubmitJobResult.Accepted>(submitted).Job;
    }

    private async Task Transcribe(int ordinal, string language, params Word[] words)
    {
        var task = await Worker.Claim();
        Assert.Equal((TaskKind.Transcribe, ordinal), (task.Input.Kind, task.Ordinal));
        using var json = new MemoryStream();
        await TranscriptJson.WriteAsync(new Transcript(language, words), json, Ct);
        json.Position = 0;
        await Service.Objects.Put(JobKeys.Words(task), json, Ct);
        await Worker.Complete(task, new TaskOutcome.Transcribed(JobKeys.Words(task)));
    }

    private async Task<Transcript> Composed(JobSnapshot job)
    {
        using (var worker = new RealWorker(Service))
            await worker.DoAll();
        var ended = await Service.Get(job);
        Assert.Equal(JobState.Succeeded, ended.State);
        await using var json = await Service.Objects.OpenRead($"{ended.OutputPrefix}transcript.json", 0, null, Ct);
        return await TranscriptJson.ReadAsync(json, Ct);
    }

    private static Word Word(string text, double start) => new(text, Seconds(start), Seconds(start + 0.3), 1);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
