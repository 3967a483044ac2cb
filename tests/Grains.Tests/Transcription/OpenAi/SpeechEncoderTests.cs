using System.Diagnostics;
using System.Globalization;
using AX2Caption.Grains.Media;
using AX2Caption.Grains.Tests.Media;
using AX2Caption.Grains.Transcription;
using AX2Caption.Grains.Transcription.OpenAi;
using AX2Caption.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AX2Caption.Grains.Tests.Transcription.OpenAi;

public sealed class SpeechEncoderTests : IDisposable
{
    private static readonly PcmAudio Sentence = PcmAudio.FromBytes(File.ReadAllBytes(SampleSpeech.Sentences[0].WavPath).AsSpan(44));
    private readonly TempFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Flac_DecodesToTheVerySamplesAndTellsItsLength()
    {
        var file = await Encode(SpeechEncoding.Flac);

        Assert.InRange(file.Length, 1, Sentence.Samples.Length * PcmAudio.BytesPerSample * 3 / 4);
        Assert.Equal(Sentence.Samples.ToArray(), (await Decode(file, "speech.flac")).Samples.ToArray());
        Assert.Equal(Sentence.Duration.TotalSeconds, await DurationByHeader("speech.flac"), precision: 3);
    }

    [Fact]
    public async Task Opus_IsATenthOfTheSizeAndAsLong()
    {
        var file = await Encode(SpeechEncoding.Opus);

        Assert.InRange(file.Length, 1, Sentence.Samples.Length * PcmAudio.BytesPerSample / 6);
        var decoded = await Decode(file, "speech.ogg");
        Assert.InRange((decoded.Duration - Sentence.Duration).Duration(), TimeSpan.Zero, TimeSpan.FromMilliseconds(25));
    }

    [Fact]
    public async Task Canceled_EndsWithoutAFile()
    {
        using var cancel = new CancellationTokenSource();
        var endless = new PcmAudio(new short[PcmAudio.SampleRate * 3600]);
        var running = Encoder().Encode(endless, SpeechEncoding.Opus, cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task ThatHangs_IsEndedAndMayBeTriedAgain()
    {
        var hanging = folder.File("ffmpeg");
        await File.WriteAllTextAsync(hanging, "#!/bin/sh\nexec sleep 600\n", Token);
        File.SetUnixFileMode(hanging, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var clock = new FakeTimeProvider();
        var running = Encoder(new MediaSandboxOptions { Ffmpeg = hanging }, clock).Encode(Sentence, SpeechEncoding.Flac, Token);

        clock.Advance(TimeSpan.FromMinutes(1));

        var failure = await Assert.ThrowsAsync<RecognitionFailedException>(() => running.WaitAsync(TimeSpan.FromMinutes(1), Token));
        Assert.Equal(("engine_failed", true), (failure.Code, failure.Retryable));
    }

    [Fact]
    public async Task WithoutFfmpeg_SaysWhatToInstallAndFailsForGood()
    {
        var encoder = Encoder(new MediaSandboxOptions { Ffmpeg = "/usr/nowhere/ffmpeg" });

        Assert.Contains("Install the package 'ffmpeg'", Assert.Throws<FileNotFoundException>(encoder.Check).Message, StringComparison.Ordinal);
        var failure = await Assert.ThrowsAsync<RecognitionFailedException>(() => encoder.Encode(Sentence, SpeechEncoding.Flac, Token));
        Assert.Equal(("engine_misconfigured", false), (failure.Code, failure.Retryable));
    }

    private static SpeechEncoder Encoder(MediaSandboxOptions? options = null, TimeProvider? time = null) =>
        new(Options.Create(options ?? new MediaSandboxOptions()), time ?? TimeProvider.System);

    private static Task<byte[]> Encode(SpeechEncoding encoding) => Encoder().Encode(Sentence, encoding, Token);

    private async Task<PcmAudio> Decode(byte[] file, string name)
    {
        var (path, pcm) = (Path.Combine(folder.Path, name), Path.Combine(folder.Path, "decoded.pcm"));
        await File.WriteAllBytesAsync(path, file, Token);
        await SampleSpeech.Ffmpeg(["-i", path, "-f", "s16le", "-ar", "16000", "-ac", "1", pcm], Token);
        return PcmAudio.FromBytes(await File.ReadAllBytesAsync(pcm, Token));
    }

    private async Task<double> DurationByHeader(string name)
    {
        using var ffprobe = Process.Start(new ProcessStartInfo(
            "ffprobe", ["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", Path.Combine(folder.Path, name)])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await ffprobe.StandardOutput.ReadToEndAsync(Token);
        await ffprobe.WaitForExitAsync(Token);
        return double.Parse(output, CultureInfo.InvariantCulture);
    }
}
