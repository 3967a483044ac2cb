using AX2Caption.Grains.Media;
using AX2Caption.Grains.Transcription;
using AX2Caption.Testing;

namespace AX2Caption.Grains.Tests.Media;

public sealed class AudioExtractorTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Extract_StereoAt48KHz_Gives16KHzMono()
    {
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "sine=duration=3:sample_rate=48000", "-ac", "2", folder.File("stereo.wav")], Token);

        var pcm = await Extract("stereo.wav", TimeSpan.FromSeconds(10));

        Assert.Equal(folder.File("out/audio.pcm"), pcm);
        Assert.Equal(TimeSpan.FromSeconds(3), PcmAudio.DurationOfBytes(new FileInfo(pcm).Length));
    }

    [Fact]
    public async Task Extract_LongerThanAsked_IsCutThere()
    {
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "sine=duration=3", folder.File("long.wav")], Token);

        var pcm = await Extract("long.wav", TimeSpan.FromSeconds(2));

        Assert.Equal(TimeSpan.FromSeconds(2), PcmAudio.DurationOfBytes(new FileInfo(pcm).Length));
    }

    [Fact]
    public async Task Extract_AudioThatBeginsAfterTheVideo_KeepsItsPlaceOnTheTimeline()
    {
        await SampleSpeech.Ffmpeg(
            [
                "-f", "lavfi", "-i", "testsrc2=size=64x64:rate=5:duration=4", "-itsoffset", "2", "-f", "lavfi", "-i", "sine=duration=2",
                "-c:v", "libx264", "-preset", "ultrafast", folder.File("late.mp4"),
            ],
            Token);
        var info = Assert.IsType<MediaProbeResult.Playable>(await MediaFixture.Probe().Probe(folder.File("late.mp4"), null, Token)).Info;

        var path = await MediaFixture.Extractor().Extract(folder.File("late.mp4"), info.AudioStreamIndex, folder.SubFolder("out"), info.Duration, Token);

        await using var pcm = File.OpenRead(path);
        var curve = await LoudnessCurve.Measure(pcm, Token);
        Assert.InRange(curve.Duration, TimeSpan.FromSeconds(3.9), TimeSpan.FromSeconds(4.1));
        Assert.InRange(curve.Levels.Span.IndexOfAnyExcept((byte)0), 190, 210);
    }

    [Fact]
    public async Task Extract_WhatDoesNotDecode_SaysSo()
    {
        await File.WriteAllTextAsync(folder.File("text.mp4"), "no media", Token);

        var failure = await Assert.ThrowsAsync<MediaUnreadableException>(() => Extract("text.mp4", TimeSpan.FromSeconds(1)));

        Assert.Equal(MediaRejection.MediaUnreadable, failure.Code);
    }

    [Fact]
    public async Task Extract_MoreThanTheSandboxWrites_IsTooComplex()
    {
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "anullsrc", "-t", "60", folder.File("bomb.flac")], Token);
        var extractor = MediaFixture.Extractor(new MediaSandboxOptions { FileSize = 1 << 20 });

        var failure = await Assert.ThrowsAsync<MediaUnreadableException>(
            () => extractor.Extract(folder.File("bomb.flac"), 0, folder.SubFolder("out"), TimeSpan.FromSeconds(60), Token));

        Assert.Equal(MediaRejection.MediaTooComplex, failure.Code);
    }

    public void Dispose() => folder.Dispose();

    private Task<string> Extract(string name, TimeSpan maxDuration) =>
        MediaFixture.Extractor().Extract(folder.File(name), 0, folder.SubFolder("out"), maxDuration, Token);
}
