using AX2Caption.Grains.Media;
using AX2Caption.Grains.Transcription;
using AX2Caption.Testing;

namespace AX2Caption.Grains.Tests.Media;

/// <summary>Files that are unusual and in order: they are accepted, and their audio is where it belongs on the timeline.</summary>
public sealed class OddFilesTests : IDisposable
{
    private const double Seconds = 3;

    private static readonly string[] Tone = ["-f", "lavfi", "-i", "sine=duration=3"];

    private static readonly string[] Picture = ["-f", "lavfi", "-i", "testsrc2=size=96x64:rate=10:duration=3"];

    private readonly TempFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string[]> Files => new()
    {
        { "eight-kilohertz.wav", [.. Tone, "-ar", "8000", "-ac", "1"] },
        { "telephone.wav", [.. Tone, "-ar", "8000", "-c:a", "pcm_mulaw"] },
        { "adpcm.wav", [.. Tone, "-c:a", "adpcm_ima_wav"] },
        { "deep.wav", [.. Tone, "-ar", "96000", "-c:a", "pcm_s24le"] },
        { "floating.wav", [.. Tone, "-c:a", "pcm_f32le"] },
        { "surround.mkv", [.. Tone, "-ac", "6", "-c:a", "ac3"] },
        { "surround.mp4", [.. Tone, "-ac", "6", "-c:a", "aac"] },
        { "surround.flac", [.. Tone, "-ac", "6"] },
        { "lossless.m4a", [.. Tone, "-c:a", "alac"] },
        { "opus.ogg", [.. Tone, "-c:a", "libopus", "-ar", "48000"] },
        { "vorbis.ogg", [.. Tone, "-c:a", "libvorbis"] },
        { "opus.webm", [.. Tone, "-c:a", "libopus"] },
        { "vp8.webm", [.. Picture, .. Tone, "-c:v", "libvpx", "-c:a", "libvorbis"] },
        { "h264.mkv", [.. Picture, .. Tone, "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "flac"] },
        { "camera.mov", [.. Picture, .. Tone, "-c:v", "mjpeg", "-c:a", "pcm_s16be"] },
        { "camera.avi", [.. Picture, .. Tone, "-c:v", "mpeg4", "-c:a", "libmp3lame"] },
        { "broadcast.ts", [.. Picture, .. Tone, "-c:v", "mpeg2video", "-c:a", "mp2"] },
        { "disc.mpg", [.. Picture, .. Tone, "-r", "25", "-c:v", "mpeg2video", "-c:a", "mp2"] },
        { "windows.wma", [.. Tone, "-c:a", "wmav2"] },
        { "windows.wmv", [.. Picture, .. Tone, "-c:v", "wmv2", "-c:a", "wmav2"] },
        { "old.flv", [.. Picture, .. Tone, "-c:v", "flv", "-c:a", "libmp3lame"] },
        { "apple.aiff", [.. Tone] },
        { "apple.caf", [.. Tone] },
        { "variable.mp3", [.. Tone, "-q:a", "9", "-write_xing", "0"] },
        {
            "covered.mp3",
            [.. Tone, .. Picture, "-map", "0", "-map", "1", "-frames:v", "1", "-c:v", "png", "-disposition:v", "attached_pic", "-id3v2_version", "3"]
        },
        { "covered.m4a", [.. Tone, .. Picture, "-map", "0", "-map", "1", "-frames:v", "1", "-c:v", "mjpeg", "-disposition:v", "attached_pic"] },
        {
            "phone.mp4",
            [
                .. Picture, .. Tone, "-vf", "select='not(mod(n,3))+not(mod(n,7))'", "-vsync", "vfr",
                "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-movflags", "+faststart",
            ]
        },
        { "fragmented.mp4", [.. Picture, .. Tone, "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"] },
        { "negative.mkv", [.. Tone, "-c:a", "aac", "-output_ts_offset", "-0.02", "-avoid_negative_ts", "disabled"] },
        { "captured-late.ts", [.. Tone, "-c:a", "aac", "-output_ts_offset", "3600"] },
        { "subtitled.mkv", [.. Tone, "-attach", "/etc/hostname", "-metadata:s:t", "mimetype=text/plain"] },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Probe_AnOddFile_IsPlayableAndItsAudioIsAsLong(string name, string[] arguments)
    {
        await SampleSpeech.Ffmpeg([.. arguments, folder.File(name)], Token);

        var result = await MediaFixture.Probe().Probe(folder.File(name), null, Token);

        var info = Assert.IsType<MediaProbeResult.Playable>(result).Info;
        Assert.InRange(info.Duration.TotalSeconds, Seconds - 0.15, Seconds + 0.2);
        Assert.InRange((await Extract(name, info.AudioStreamIndex, info.Duration)).Duration.TotalSeconds, Seconds - 0.15, Seconds + 0.2);
    }

    [Theory]
    [InlineData("late.mkv")]
    [InlineData("late.mov")]
    public async Task Extract_AudioThatStartsLate_KeepsItsPlace(string name)
    {
        await SampleSpeech.Ffmpeg(
            [.. Picture, "-itsoffset", "1", "-f", "lavfi", "-i", "sine=duration=2", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", folder.File(name)],
            Token);

        var info = Assert.IsType<MediaProbeResult.Playable>(await MediaFixture.Probe().Probe(folder.File(name), null, Token)).Info;

        var curve = await Extract(name, info.AudioStreamIndex, info.Duration);
        Assert.InRange(curve.Duration.TotalSeconds, Seconds - 0.15, Seconds + 0.2);
        Assert.InRange(curve.Levels.Span.IndexOfAnyExcept((byte)0), 90, 110);
    }

    [Fact]
    public async Task Probe_SeveralAudioTracks_MeasuresEachAndKnowsItsLanguage()
    {
        await SampleSpeech.Ffmpeg(
            [
                .. Picture, .. Tone, "-f", "lavfi", "-i", "sine=duration=1", "-map", "0", "-map", "1", "-map", "2", "-c:v", "libx264", "-preset", "ultrafast",
                "-c:a", "aac", "-metadata:s:a:0", "language=kor", "-metadata:s:a:1", "language=eng", folder.File("dubbed.mp4"),
            ],
            Token);

        var info = Assert.IsType<MediaProbeResult.Playable>(await MediaFixture.Probe().Probe(folder.File("dubbed.mp4"), null, Token)).Info;

        Assert.Equal([null, "kor", "eng"], info.Streams.Select(stream => stream.Language));
        Assert.Null(info.Streams[0].Duration);
        Assert.InRange(info.Streams[1].Duration!.Value.TotalSeconds, Seconds - 0.15, Seconds + 0.2);
        Assert.InRange(info.Streams[2].Duration!.Value.TotalSeconds, 0.9, 1.2);
        Assert.InRange((await Extract("dubbed.mp4", 2, info.Streams[2].Duration!.Value)).Duration.TotalSeconds, 0.9, 1.2);
    }

    public void Dispose() => folder.Dispose();

    private async Task<LoudnessCurve> Extract(string name, int stream, TimeSpan duration)
    {
        var path = await MediaFixture.Extractor().Extract(folder.File(name), stream, folder.SubFolder("out"), duration, Token);
        await using var pcm = File.OpenRead(path);
        return await LoudnessCurve.Measure(pcm, Token);
    }
}
