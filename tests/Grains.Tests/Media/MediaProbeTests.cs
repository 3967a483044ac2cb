using AX2Caption.Grains.Media;
using AX2Caption.Testing;

namespace AX2Caption.Grains.Tests.Media;

public sealed class MediaProbeTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("speech.wav", "wav")]
    [InlineData("speech.mp3", "mp3")]
    [InlineData("speech.flac", "flac")]
    [InlineData("speech.ogg", "ogg")]
    [InlineData("speech.m4a", "mov")]
    [InlineData("speech.mkv", "matroska")]
    [InlineData("speech.webm", "matroska")]
    [InlineData("speech.ts", "mpegts")]
    [InlineData("speech.avi", "avi")]
    [InlineData("speech.aac", "aac")]
    public async Task Probe_AudioOfAKnownContainer_IsPlayableAndMeasured(string name, string format)
    {
        await SampleSpeech.WriteAudio(folder.File(name), cancellationToken: Token);

        var info = await Playable(name);

        Assert.Contains(format, info.Format, StringComparison.Ordinal);
        AssertAbout(SampleDuration, info.Duration);
    }

    [Fact]
    public async Task Probe_Video_ListsItsStreams()
    {
        await SampleSpeech.WriteVideo(folder.File("video.mp4"), cancellationToken: Token);

        var info = await Playable("video.mp4");

        Assert.Collection(info.Streams,
            video => Assert.Equal(new MediaStream(0, StreamKind.Video, "h264", null, null, null, 320, 180), video),
            audio => Assert.Equal(new MediaStream(1, StreamKind.Audio, "aac", null, 1, 16000, null, null, info.Duration), audio));
        Assert.Equal(1, info.AudioStreamIndex);
        AssertAbout(SampleDuration, info.Duration);
    }

    [Fact]
    public async Task Probe_SeveralAudioStreams_TakesTheDefaultAndItsLanguage()
    {
        await SampleSpeech.Ffmpeg(
            [
                "-f", "lavfi", "-i", "sine=duration=2", "-f", "lavfi", "-i", "sine=duration=5", "-map", "0", "-map", "1",
                "-metadata:s:a:0", "language=kor", "-metadata:s:a:1", "language=eng", "-disposition:a:0", "0", "-disposition:a:1", "default",
                folder.File("two.mkv"),
            ],
            Token);

        var info = await Playable("two.mkv");

        Assert.Equal(1, info.AudioStreamIndex);
        Assert.Equal(["kor", "eng"], info.Streams.Select(stream => stream.Language));
        AssertAbout(TimeSpan.FromSeconds(5), info.Duration);
        AssertAbout(TimeSpan.FromSeconds(2), info.Streams[0].Duration!.Value);
        Assert.Equal(info.Duration, info.Streams[1].Duration);
    }

    [Fact]
    public async Task Probe_MoreAudioStreamsThanAreMeasured_MeasuresTheDefaultAndTheFirst()
    {
        await SampleSpeech.Ffmpeg(
            [
                "-f", "lavfi", "-i", "sine=duration=1", "-map", "0", "-map", "0", "-map", "0", "-disposition:a:0", "0", "-disposition:a:2", "default",
                folder.File("three.mkv"),
            ],
            Token);

        var result = await MediaFixture.Probe(new MediaOptions { MaxAudioStreams = 2 }).Probe(folder.File("three.mkv"), null, Token);

        var info = Assert.IsType<MediaProbeResult.Playable>(result).Info;
        Assert.Equal(2, info.AudioStreamIndex);
        Assert.Equal([true, false, true], info.Streams.Select(stream => stream.Duration is not null));
    }

    [Fact]
    public async Task Probe_DefaultAudioThatIsTooLong_FallsBackOnTheOneThatIsNot()
    {
        await SampleSpeech.Ffmpeg(
            ["-f", "lavfi", "-i", "sine=duration=5", "-f", "lavfi", "-i", "sine=duration=2", "-map", "0", "-map", "1", folder.File("uneven.mkv")], Token);

        var result = await MediaFixture.Probe().Probe(folder.File("uneven.mkv"), TimeSpan.FromSeconds(3), Token);

        var info = Assert.IsType<MediaProbeResult.Playable>(result).Info;
        Assert.Equal((1, null), (info.AudioStreamIndex, info.Streams[0].Duration));
        AssertAbout(TimeSpan.FromSeconds(2), info.Duration);
    }

    [Fact]
    public async Task Probe_AudioOfACodecThatIsNotAccepted_IsRejectedByItsName()
    {
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "sine=duration=1", "-c:a", "wavpack", folder.File("odd.mkv")], Token);

        var result = await MediaFixture.Probe().Probe(folder.File("odd.mkv"), null, Token);

        Assert.Equal(
            new MediaProbeResult.Rejected(MediaRejection.CodecNotSupported, "Audio of the codec 'wavpack' is not accepted."), result);
    }

    [Fact]
    public async Task Probe_AudioOfAnAcceptedCodecBesideAnother_IsPlayable()
    {
        await SampleSpeech.Ffmpeg(
            ["-f", "lavfi", "-i", "sine=duration=1", "-map", "0", "-map", "0", "-c:a:0", "wavpack", "-c:a:1", "flac", folder.File("both.mkv")], Token);

        Assert.Equal(1, (await Playable("both.mkv")).AudioStreamIndex);
    }

    [Fact]
    public async Task Probe_WebmWithoutADurationInItsHeader_IsMeasured()
    {
        // Written to a pipe, as browsers record: the header cannot be completed afterwards.
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "sine=duration=7", "-c:a", "libopus", "-f", "webm", "-live", "1", folder.File("live.webm")], Token);

        AssertAbout(TimeSpan.FromSeconds(7), (await Playable("live.webm")).Duration);
    }

    [Fact]
    public async Task Probe_HeaderThatClaimsAThousandHours_IsMeasured()
    {
        var path = folder.File("claim.wav");
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "sine=duration=3:sample_rate=8000", "-bitexact", path], Token);
        await PatchDataSize(path, uint.MaxValue - 1000);

        AssertAbout(TimeSpan.FromSeconds(3), (await Playable("claim.wav")).Duration);
    }

    [Fact]
    public async Task Probe_CoverPicture_IsNoVideo()
    {
        await SampleSpeech.Ffmpeg(
            [
                "-f", "lavfi", "-i", "sine=duration=2", "-f", "lavfi", "-i", "color=size=64x64:duration=1", "-map", "0", "-map", "1", "-frames:v", "1",
                "-c:v", "png", "-disposition:v", "attached_pic", folder.File("cover.mp3"),
            ],
            Token);

        Assert.Equal([StreamKind.Audio, StreamKind.Other], (await Playable("cover.mp3")).Streams.Select(stream => stream.Kind));
    }

    [Fact]
    public async Task Probe_VideoWithoutAudio_IsRejected()
    {
        await SampleSpeech.WriteVideoWithoutAudio(folder.File("silent.mp4"), Token);

        await AssertRejected(MediaRejection.NoAudio, "silent.mp4");
    }

    [Fact]
    public async Task Probe_TextNamedMp4_IsNotMedia()
    {
        await SampleSpeech.WriteTextNamedAsVideo(folder.File("text.mp4"), Token);

        await AssertRejected(MediaRejection.NotMedia, "text.mp4");
    }

    [Fact]
    public async Task Probe_EmptyFile_IsNotMedia()
    {
        await File.WriteAllBytesAsync(folder.File("empty.mp4"), [], Token);

        await AssertRejected(MediaRejection.NotMedia, "empty.mp4");
    }

    [Fact]
    public async Task Probe_Picture_IsNotMedia()
    {
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "testsrc2", "-frames:v", "1", folder.File("picture.png")], Token);

        await AssertRejected(MediaRejection.NotMedia, "picture.png");
    }

    [Fact]
    public async Task Probe_Mp4CutOffBeforeItsIndex_IsUnreadable()
    {
        await SampleSpeech.WriteTruncatedVideo(folder.File("cut.mp4"), Token);

        await AssertRejected(MediaRejection.MediaUnreadable, "cut.mp4");
    }

    [Fact]
    public async Task Probe_HlsPlaylistNamedMp4_IsNotMediaThoughItNamesAFileThatIs()
    {
        var secret = await Secret();
        await File.WriteAllTextAsync(folder.File("playlist.mp4"),
            $"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:3,\nfile://{secret}\n#EXT-X-ENDLIST\n", Token);

        await AssertRejected(MediaRejection.NotMedia, "playlist.mp4");
    }

    [Fact]
    public async Task Probe_ConcatScriptNamedMp4_IsNotMediaThoughItNamesAFileThatIs()
    {
        var secret = await Secret();
        await File.WriteAllTextAsync(folder.File("script.mp4"), $"ffconcat version 1.0\nfile '{secret}'\n", Token);

        await AssertRejected(MediaRejection.NotMedia, "script.mp4");
    }

    [Fact]
    public async Task Probe_AudioLongerThanAllowed_IsRejected()
    {
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "anullsrc", "-t", "61", folder.File("long.mp3")], Token);
        var options = new MediaOptions { MaxDuration = TimeSpan.FromSeconds(60) };

        var result = await MediaFixture.Probe(options).Probe(folder.File("long.mp3"), null, Token);

        Assert.Equal(MediaRejection.MediaTooLong, Assert.IsType<MediaProbeResult.Rejected>(result).Code);
    }

    [Fact]
    public async Task Probe_AudioExactlyAsLongAsAllowed_IsPlayable()
    {
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "anullsrc", "-t", "60", folder.File("edge.wav")], Token);
        var options = new MediaOptions { MaxDuration = TimeSpan.FromSeconds(60) };

        var result = await MediaFixture.Probe(options).Probe(folder.File("edge.wav"), null, Token);

        Assert.Equal(options.MaxDuration, Assert.IsType<MediaProbeResult.Playable>(result).Info.Duration);
    }

    [Fact]
    public async Task Probe_AudioJustLongerThanThePlanAllows_IsRejectedWithTheLimit()
    {
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "anullsrc=sample_rate=8000", "-t", "60", folder.File("edge.wav")], Token);
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "anullsrc=sample_rate=8000", "-t", "60.125", folder.File("beyond.wav")], Token);
        var plan = TimeSpan.FromMinutes(1);

        Assert.IsType<MediaProbeResult.Playable>(await MediaFixture.Probe().Probe(folder.File("edge.wav"), plan, Token));
        Assert.Equal(
            new MediaProbeResult.Rejected(MediaRejection.MediaTooLong, "Its audio is longer than 00:01:00."),
            await MediaFixture.Probe().Probe(folder.File("beyond.wav"), plan, Token));
    }

    [Fact]
    public async Task Probe_PlanThatAllowsMoreThanTheWorker_IsBoundByTheWorker()
    {
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "anullsrc=sample_rate=8000", "-t", "3", folder.File("long.wav")], Token);
        var options = new MediaOptions { MaxDuration = TimeSpan.FromSeconds(2) };

        var result = await MediaFixture.Probe(options).Probe(folder.File("long.wav"), TimeSpan.FromHours(1), Token);

        Assert.Equal("Its audio is longer than 00:00:02.", Assert.IsType<MediaProbeResult.Rejected>(result).Detail);
    }

    [Fact]
    public async Task Probe_MoreStreamsThanAllowed_IsTooComplex()
    {
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "sine=duration=1", "-map", "0", "-map", "0", "-map", "0", folder.File("many.mkv")], Token);

        var result = await MediaFixture.Probe(new MediaOptions { MaxStreams = 2 }).Probe(folder.File("many.mkv"), null, Token);

        Assert.Equal(MediaRejection.MediaTooComplex, Assert.IsType<MediaProbeResult.Rejected>(result).Code);
    }

    [Fact]
    public async Task Probe_MorePixelsThanAllowed_IsTooComplex()
    {
        await SampleSpeech.WriteVideo(folder.File("video.mp4"), cancellationToken: Token);

        var result = await MediaFixture.Probe(new MediaOptions { MaxPixels = (320 * 180) - 1 }).Probe(folder.File("video.mp4"), null, Token);

        Assert.Equal(MediaRejection.MediaTooComplex, Assert.IsType<MediaProbeResult.Rejected>(result).Code);
    }

    public void Dispose() => folder.Dispose();

    private static TimeSpan SampleDuration => SampleSpeech.Sentences.Aggregate(TimeSpan.Zero, (sum, sentence) =>
        sum + SampleSpeech.Pause + TimeSpan.FromSeconds((new FileInfo(sentence.WavPath).Length - 44) / 32_000.0));

    private async Task<string> Secret()
    {
        var secret = folder.File("secret.ts");
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "sine", "-t", "3", secret], Token);
        return secret;
    }

    private static async Task PatchDataSize(string path, uint size)
    {
        var bytes = await File.ReadAllBytesAsync(path, Token);
        var data = bytes.AsSpan().IndexOf("data"u8);
        BitConverter.TryWriteBytes(bytes.AsSpan(data + 4), size);
        await File.WriteAllBytesAsync(path, bytes, Token);
    }

    private async Task<MediaInfo> Playable(string name) =>
        Assert.IsType<MediaProbeResult.Playable>(await MediaFixture.Probe().Probe(folder.File(name), null, Token)).Info;

    private async Task AssertRejected(string code, string name) =>
        Assert.Equal(code, Assert.IsType<MediaProbeResult.Rejected>(await MediaFixture.Probe().Probe(folder.File(name), null, Token)).Code);

    // Encoders pad to whole frames: a tenth of a second is more than any of them adds.
    private static void AssertAbout(TimeSpan expected, TimeSpan actual) =>
        Assert.InRange(actual, expected - TimeSpan.FromSeconds(0.1), expected + TimeSpan.FromSeconds(0.15));
}
