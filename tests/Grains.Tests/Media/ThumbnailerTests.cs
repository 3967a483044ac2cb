using AX2Caption.Grains.Media;
using AX2Caption.Testing;

namespace AX2Caption.Grains.Tests.Media;

public sealed class ThumbnailerTests : IDisposable
{
    private static readonly string[] H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "5", "-pix_fmt", "yuv420p", "-c:a", "aac"];

    private readonly TempFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1280x720", 640, 360)]
    [InlineData("641x361", 640, 360)]
    [InlineData("100x50", 100, 50)]
    [InlineData("51x33", 50, 32)]
    [InlineData("200x3000", 200, 1280)]
    public async Task Take_AVideo_IsSmallAndEvenAndNeverEnlarged(string size, int width, int height)
    {
        await Write("video.mkv", $"testsrc2=size={size}:rate=5", "-c:v", "mpeg4", "-c:a", "aac");

        var picture = await Describe(await Take("video.mkv"));

        Assert.Equal(("mjpeg", width, height), (picture.Codec, picture.Width, picture.Height));
    }

    [Fact]
    public async Task Take_APhonesVideo_StandsUpright()
    {
        await Write("flat.mp4", "testsrc2=size=320x180:rate=5", H264);
        await SampleSpeech.Ffmpeg(["-i", folder.File("flat.mp4"), "-c", "copy", "-metadata:s:v", "rotate=90", folder.File("phone.mp4")], Token);

        var picture = await Describe(await Take("phone.mp4"));

        Assert.Equal((180, 320), (picture.Width, picture.Height));
    }

    [Fact]
    public async Task Take_PixelsThatAreNotSquare_HasTheShapeThatPlayersShow()
    {
        await Write("wide.mp4", "testsrc2=size=320x180:rate=5,setsar=2", H264);

        var picture = await Describe(await Take("wide.mp4"));

        Assert.Equal((640, 180), (picture.Width, picture.Height));
    }

    [Fact]
    public async Task Take_AVideoThatIsBlackThere_LooksFurther()
    {
        await Write("fade.mp4", "color=white:size=64x64:rate=5,drawbox=color=black:t=fill:enable='lt(t,3)'", H264);

        Assert.True(await Brightness(await Take("fade.mp4")) > 200);
    }

    [Fact]
    public async Task Take_AVideoThatIsBlackThroughout_IsBlack()
    {
        await Write("night.mp4", "color=black:size=64x64:rate=5", H264);

        Assert.True(await Brightness(await Take("night.mp4")) < 40);
    }

    [Fact]
    public async Task Take_AnyVideo_IsOfATenthOfTheWay()
    {
        await Write("bright.mp4", "color=white:size=64x64:rate=5,drawbox=color=gray:t=fill:enable='gte(t,1)*lt(t,2)'", H264);

        Assert.InRange(await Brightness(await Take("bright.mp4")), 100, 160);
    }

    [Fact]
    public async Task Take_AVideoWhosePictureEndsBeforeThat_IsOfItsBeginning()
    {
        await SampleSpeech.Ffmpeg(
            ["-f", "lavfi", "-i", "color=white:size=64x64:rate=5:duration=0.6", "-f", "lavfi", "-i", "sine=duration=60", .. H264, folder.File("short.mp4")],
            Token);

        Assert.True(await Brightness(await Take("short.mp4")) > 200);
    }

    [Fact]
    public async Task Take_AVideoWithATitleAndAPlace_KeepsNothingOfThem()
    {
        await Write("tagged.mp4", "testsrc2=size=64x64:rate=5", [.. H264, "-metadata", "title=Secret title", "-metadata", "location=+37.5+127.0/"]);

        var bytes = await File.ReadAllBytesAsync((await Take("tagged.mp4"))!, Token);

        Assert.Equal(-1, bytes.AsSpan().IndexOf("Secret title"u8));
        Assert.Equal(-1, bytes.AsSpan().IndexOf("+37.5"u8));
        Assert.Equal(-1, bytes.AsSpan().IndexOf("Lavc"u8));
        Assert.Equal(-1, bytes.AsSpan().IndexOf("Exif"u8));
    }

    [Fact]
    public async Task Take_AudioAlone_IsNothing()
    {
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "sine=duration=1", folder.File("audio.mp3")], Token);

        Assert.Null(await Take("audio.mp3"));
    }

    [Fact]
    public async Task Take_PicturesThatDoNotDecode_IsNothingAndTheFileIsPlayable()
    {
        await Write("whole.mkv", "testsrc2=size=64x64:rate=5", H264);
        await SampleSpeech.Ffmpeg(["-i", folder.File("whole.mkv"), "-c", "copy", "-bsf:v", "noise=amount=1", folder.File("noise.mkv")], Token);

        Assert.Null(await Take("noise.mkv"));
    }

    [Fact]
    public async Task Take_PicturesOfACodecThatIsNotAccepted_IsNothing()
    {
        await Write("video.mp4", "testsrc2=size=64x64:rate=5", H264);

        Assert.Null(await Take("video.mp4", new MediaOptions { PictureCodecs = "vp9" }));
    }

    [Fact]
    public async Task Take_MoreThanTheSandboxAllows_IsNothing()
    {
        await Write("video.mp4", "testsrc2=size=640x360:rate=5", H264);

        Assert.Null(await Take("video.mp4", sandbox: new MediaSandboxOptions { FileSize = 1024 }));
    }

    [Theory]
    [InlineData("echo 'No space left on device' >&2; exit 1", false)]
    [InlineData("kill -9 $$", false)]
    [InlineData("kill -15 $$", true)]
    public async Task Take_WhatTheMachineDoesToTheTool_IsNothingUnlessTheServiceStops(string does, bool stops)
    {
        await Write("video.mp4", "testsrc2=size=64x64:rate=5", H264);
        var tool = folder.File("ffmpeg");
        await File.WriteAllTextAsync(tool, $"#!/bin/sh\n{does}\n", Token);
        File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var taking = Take("video.mp4", sandbox: new MediaSandboxOptions { Required = false, Ffmpeg = tool });

        if (stops)
            Assert.True((await Assert.ThrowsAsync<MediaToolDisturbedException>(() => taking)).WasToldToEnd);
        else
            Assert.Null(await taking);
    }

    public void Dispose() => folder.Dispose();

    private Task Write(string name, string picture, params string[] arguments) => SampleSpeech.Ffmpeg(
        ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", "sine", "-t", "10", .. arguments, folder.File(name)], Token);

    private async Task<string?> Take(string name, MediaOptions? options = null, MediaSandboxOptions? sandbox = null)
    {
        var info = Assert.IsType<MediaProbeResult.Playable>(await MediaFixture.Probe().Probe(folder.File(name), null, Token)).Info;
        return await MediaFixture.Thumbnailer(options, sandbox).Take(folder.File(name), info, folder.SubFolder("out"), Token);
    }

    private async Task<MediaStream> Describe(string? picture)
    {
        Assert.NotNull(picture);
        var result = await MediaFixture.Sandbox().Run(
            MediaTool.Ffprobe, ["-v", "error", "-i", "file:" + SandboxCommand.Input, "-show_entries", FfprobeReport.Entries, "-of", "json"], picture, null, Token);
        return Assert.Single(FfprobeReport.Parse(result.Output.Text)!.Streams!).ToMediaStream();
    }

    /// <summary>The mean of the picture, 0 to 255.</summary>
    private async Task<byte> Brightness(string? picture)
    {
        Assert.NotNull(picture);
        await SampleSpeech.Ffmpeg(["-i", picture, "-vf", "scale=1:1:flags=area", "-pix_fmt", "gray", "-f", "rawvideo", folder.File("gray")], Token);
        return Assert.Single(await File.ReadAllBytesAsync(folder.File("gray"), Token));
    }
}
