using AX2Caption.Testing;
using AX2Caption.Testing.Audit;

namespace AX2Caption.Scenarios;

public sealed class CaptioningTheSample(PostgresFixture postgres) : Scenario(postgres)
{
    [Fact]
    public async Task Gives_captions_close_to_the_published_words_in_order_and_inside_the_media()
    {
        var (client, job) = await SubmitSample(repetitions: 1);
        var video = await client.Video(job.VideoId, Ct);

        Assert.Equal("succeeded", (await client.WaitForEnd(job.Id, Ct)).State);

        var cues = Srt.Parse(await client.Captions(job.Id, "srt", Ct));
        Assert.InRange(WordErrorRate.Of(string.Join(' ', cues.Select(cue => cue.Text)), SampleSpeech.Reference()), 0, 0.40);
        Assert.Equal(Enumerable.Range(1, cues.Count), cues.Select(cue => cue.Number));
        Assert.All(cues, cue => Assert.True(cue.Start < cue.End));
        Assert.All(cues.Zip(cues.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start));
        Assert.InRange(cues[^1].End.TotalMilliseconds, 1, video.DurationMs!.Value);
        Assert.StartsWith("WEBVTT", await client.Captions(job.Id, "vtt", Ct), StringComparison.Ordinal);
        await BookIsInOrder();
    }

    [Fact]
    public async Task Leaves_of_the_job_only_its_output_in_the_store()
    {
        var (client, job) = await SubmitSample(repetitions: 1);
        await client.WaitForEnd(job.Id, Ct);
        await BookIsInOrder();

        Assert.Equal([false], await Book.Query<bool>(Service, $"select has_work_files from caption_job where job_id = '{job.Id}'", Ct));
        Assert.Equal(["settled"], await Book.Query<string>(Service, $"select credit_state from caption_job where job_id = '{job.Id}'", Ct));
    }
}
