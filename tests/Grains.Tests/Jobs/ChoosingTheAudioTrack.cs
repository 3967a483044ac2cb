using AX2Caption.Captions;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Tests.Media;
using AX2Caption.Grains.Work;
using AX2Caption.Testing;

namespace AX2Caption.Grains.Tests.Jobs;

[Collection<MediaCluster>]
public sealed class ChoosingTheAudioTrack(ServiceFixture service) : ClusterScenario(service)
{
    private const long Grant = CustomerExtensions.GuestGrant;

    /// <summary>A picture, Korean for a minute, English for three, and a track that nobody could measure.</summary>
    private static readonly MediaSummary TwoTracks = new(
        TimeSpan.FromMinutes(1),
        "matroska,webm",
        [
            new MediaStream(0, "video", "h264", null),
            new MediaStream(1, "audio", "aac", "kor", TimeSpan.FromMinutes(1)),
            new MediaStream(2, "audio", "aac", "eng", TimeSpan.FromMinutes(3)),
            new MediaStream(3, "audio", "wavpack", null),
        ],
        AudioStream: 1);

    private HandWorker Worker => new(Service);

    [Fact]
    public async Task Without_a_choice_it_is_the_videos_own()
    {
        var (accountId, videoId) = await GuestWithVideo();

        var job = Accepted(await Submit(accountId, videoId, audioStream: null));

        Assert.Equal(1, job.Price);
        Assert.Equal(new TaskInput.Prepare($"videos/{videoId}/source", 1, 60_000), (await Worker.Claim()).Input);
    }

    [Fact]
    public async Task The_chosen_track_is_extracted_and_its_length_is_the_price()
    {
        var (accountId, videoId) = await GuestWithVideo();

        var job = Accepted(await Submit(accountId, videoId, audioStream: 2));

        Assert.Equal(3, job.Price);
        Assert.Equal(new CreditBalance(Grant - 3, 3), await Service.Balance(accountId));
        Assert.Equal(new TaskInput.Prepare($"videos/{videoId}/source", 2, 180_000), (await Worker.Claim()).Input);
        Assert.Equal(180_000, await Service.Value<long>("select duration_ms from caption_job where job_id = $1", job.JobId));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(-1)]
    public async Task What_is_no_audio_that_could_be_captioned_is_refused_with_those_that_can_be(int audioStream)
    {
        var (accountId, videoId) = await GuestWithVideo();

        Assert.Equal([1, 2], Assert.IsType<SubmitJobResult.AudioStreamUnknown>(await Submit(accountId, videoId, audioStream)).Known);
        Assert.Equal(
            [1, 2], Assert.IsType<SubmitJobResult.AudioStreamUnknown>(
                Assert.IsType<JobQuoteResult.Refused>(await Quote(accountId, videoId, audioStream)).Refusal).Known);
        Assert.Equal(new CreditBalance(Grant, 0), await Service.Balance(accountId));
    }

    [Fact]
    public async Task In_a_video_that_was_probed_before_each_track_was_measured_there_is_only_its_own()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.ReadyVideo(accountId);

        Assert.Equal([0], Assert.IsType<SubmitJobResult.AudioStreamUnknown>(await Submit(accountId, videoId, audioStream: 1)).Known);
        Assert.Equal(1, Accepted(await Submit(accountId, videoId, audioStream: 0)).Price);
    }

    [Fact]
    public async Task Another_track_under_the_same_key_is_another_request()
    {
        var (accountId, videoId) = await GuestWithVideo();
        var jobId = Guid.CreateVersion7();
        Accepted(await Submit(accountId, videoId, audioStream: 2, jobId: jobId));

        Assert.True(Assert.IsType<SubmitJobResult.Accepted>(await Submit(accountId, videoId, audioStream: 2, jobId: jobId)).Replayed);
        Assert.IsType<SubmitJobResult.KeyReused>(await Submit(accountId, videoId, audioStream: 1, jobId: jobId));
        Assert.IsType<SubmitJobResult.KeyReused>(await Submit(accountId, videoId, audioStream: null, jobId: jobId));
    }

    [Fact]
    public async Task A_request_that_names_none_is_the_same_as_before_there_was_a_choice()
    {
        var (accountId, videoId) = await GuestWithVideo();
        var jobId = Guid.CreateVersion7();
        Accepted(await Submit(accountId, videoId, audioStream: null, jobId: jobId));
        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(
            $$"""{"AccountId":"{{accountId}}","VideoId":"{{videoId}}","Language":"en","Profile":null}"""));

        Assert.Equal(hash, await Service.Value<byte[]>("select request_hash from caption_job where job_id = $1", jobId));
    }

    [Fact]
    public async Task A_quote_is_for_its_track_only_however_the_videos_own_is_named()
    {
        var (accountId, videoId) = await GuestWithVideo();
        var own = Quoted(await Quote(accountId, videoId, audioStream: null));
        var second = Quoted(await Quote(accountId, videoId, audioStream: 2));
        Assert.Equal((1, TimeSpan.FromMinutes(1), 1L), (own.AudioStream, own.Duration, own.Price));
        Assert.Equal((2, TimeSpan.FromMinutes(3), 3L), (second.AudioStream, second.Duration, second.Price));
        Assert.Equal(own, Quoted(await Quote(accountId, videoId, audioStream: 1)));

        Assert.IsType<SubmitJobResult.QuoteNotValid>(await Submit(accountId, videoId, audioStream: 2, own.QuoteId));
        Assert.IsType<SubmitJobResult.QuoteNotValid>(await Submit(accountId, videoId, audioStream: null, second.QuoteId));
        Assert.Equal(1, Accepted(await Submit(accountId, videoId, audioStream: 1, own.QuoteId)).Price);
        Assert.Equal(3, Accepted(await Submit(accountId, videoId, audioStream: 2, second.QuoteId)).Price);
    }

    [Fact]
    public async Task A_file_with_silence_and_speech_is_captioned_by_the_track_that_is_asked_for()
    {
        using var folder = new TempFolder();
        await SampleSpeech.WriteAudio(folder.File("speech.wav"), cancellationToken: Ct);
        await SampleSpeech.Ffmpeg(
            [
                "-f", "lavfi", "-i", "anullsrc=sample_rate=16000:channel_layout=mono", "-i", folder.File("speech.wav"), "-map", "0", "-map", "1", "-shortest", "-c:a", "flac",
                "-metadata:s:a:0", "language=kor", "-metadata:s:a:1", "language=eng", folder.File("dubbed.mkv"),
            ],
            Ct);
        var accountId = await Service.NewGuest();
        using var worker = new RealWorker(Service);
        var videoId = await Service.Upload(accountId, folder.File("dubbed.mkv"));
        await worker.DoAll();

        var silent = Accepted(await Submit(accountId, videoId, audioStream: null));
        var spoken = Accepted(await Submit(accountId, videoId, audioStream: 1));
        await worker.DoAll();

        Assert.Empty((await Transcript(silent)).Words);
        var words = string.Join(' ', (await Transcript(spoken)).Words.Select(word => word.Text));
        Assert.InRange(WordErrorRate.Of(words, SampleSpeech.Reference()), 0, 0.40);
    }

    private static JobSnapshot Accepted(SubmitJobResult result) => Assert.IsType<SubmitJobResult.Accepted>(result).Job;

    private static JobQuote Quoted(JobQuoteResult result) => Assert.IsType<JobQuoteResult.Quoted>(result).Quote;

    private async Task<(Guid AccountId, Guid VideoId)> GuestWithVideo()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.Upload(accountId);
        await Worker.CompleteProbe(await Worker.Claim(), TwoTracks);
        return (accountId, videoId);
    }

    private Task<SubmitJobResult> Submit(Guid accountId, Guid videoId, int? audioStream, Guid? quoteId = null, Guid? jobId = null) =>
        Service.Job(jobId ?? Guid.CreateVersion7()).Submit(new SubmitJob(accountId, videoId, "en", Profile: null, quoteId, audioStream));

    private Task<JobQuoteResult> Quote(Guid accountId, Guid videoId, int? audioStream) =>
        Service.Grains.GetGrain<IJobQuoteGrain>(accountId).Quote(new SubmitJob(accountId, videoId, "en", Profile: null, AudioStream: audioStream));

    private async Task<Transcript> Transcript(JobSnapshot job)
    {
        var ended = await Service.Get(job);
        Assert.Equal(JobState.Succeeded, ended.State);
        await using var json = await Service.Objects.OpenRead($"{ended.OutputPrefix}transcript.json", 0, null, Ct);
        return await TranscriptJson.ReadAsync(json, Ct);
    }
}
