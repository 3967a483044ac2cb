using AX2Caption.Grains.Media;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Tests.Media;

public sealed class MediaRegistrationTests
{
    [Fact]
    public void Options_NothingConfigured_AreTheDocumentedDefaults()
    {
        using var services = Services([]);

        var media = services.GetRequiredService<IOptions<MediaOptions>>().Value;
        Assert.Equal((TimeSpan.FromHours(4), 32, 8, 35_651_584), (media.MaxDuration, media.MaxStreams, media.MaxAudioStreams, media.MaxPixels));
        Assert.Equal(
            "aac,aac_latm,ac3,adpcm_ima_wav,adpcm_ms,alac,amr_nb,amr_wb,dts,eac3,flac,mp2,mp3,opus,"
            + "pcm_alaw,pcm_f32be,pcm_f32le,pcm_f64be,pcm_f64le,pcm_mulaw,pcm_s16be,pcm_s16le,pcm_s24be,pcm_s24le,pcm_s32be,pcm_s32le,pcm_s8,pcm_u8,"
            + "speex,vorbis,wmapro,wmav1,wmav2",
            media.AudioCodecs);
        Assert.Equal(
            "av1,flv1,h263,h264,hevc,mjpeg,mpeg1video,mpeg2video,mpeg4,msmpeg4v3,prores,theora,vc1,vp8,vp9,wmv1,wmv2,wmv3", media.PictureCodecs);
        var sandbox = services.GetRequiredService<IOptions<MediaSandboxOptions>>().Value;
        Assert.True(sandbox.Required);
        Assert.Equal((2L << 30, 1L << 30, 64, 1 << 20), (sandbox.AddressSpace, sandbox.FileSize, sandbox.OpenFiles, sandbox.OutputSize));
        Assert.Equal((TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10)), (sandbox.CpuTime, sandbox.WallTime));
        Assert.Equal(("/usr/bin/bwrap", "/usr/bin/prlimit"), (sandbox.Bwrap, sandbox.Prlimit));
        Assert.Equal(("/usr/bin/ffprobe", "/usr/bin/ffmpeg"), (sandbox.Ffprobe, sandbox.Ffmpeg));
        Assert.NotNull(services.GetRequiredService<MediaProbe>());
        Assert.NotNull(services.GetRequiredService<AudioExtractor>());
    }

    [Theory]
    [InlineData("Media:MaxDuration", "2.00:00:00", "MaxDuration")]
    [InlineData("Media:MaxDuration", "20:00:00", "Media:Sandbox:FileSize")]
    [InlineData("Media:MaxStreams", "0", "MaxStreams")]
    [InlineData("Media:MaxPixels", "0", "MaxPixels")]
    [InlineData("Media:MaxAudioStreams", "0", "MaxAudioStreams")]
    [InlineData("Media:MaxAudioStreams", "1001", "MaxAudioStreams")]
    [InlineData("Media:AudioCodecs", "", "AudioCodecs")]
    [InlineData("Media:AudioCodecs", "aac, mp3", "AudioCodecs")]
    [InlineData("Media:PictureCodecs", "h264,", "PictureCodecs")]
    public void MediaOptions_OutOfBounds_NameTheKey(string key, string value, string named)
    {
        using var services = Services(new() { [key] = value });

        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<MediaOptions>>().Value);

        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AddressSpace", "1000")]
    [InlineData("WallTime", "00:00:00")]
    [InlineData("Ffmpeg", "/opt/ffmpeg")]
    public void SandboxOptions_OutOfBounds_NameTheKey(string key, string value)
    {
        using var services = Services(new() { ["Media:Sandbox:" + key] = value });

        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<MediaSandboxOptions>>().Value);

        Assert.Contains(key, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", false)]
    [InlineData("false", true)]
    public async Task SandboxRequired_AtEveryStart_IsSaidLoudlyIfItIsNot(string required, bool said)
    {
        using var log = new LogLines();
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder()
                .AddInMemoryCollection(new Dictionary<string, string?> { ["Media:Sandbox:Required"] = required }).Build())
            .AddLogging(logging => logging.AddProvider(log))
            .AddMedia()
            .BuildServiceProvider();

        foreach (var service in services.GetServices<IHostedService>())
            await service.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(said, log.Warnings.Any(line => line.StartsWith("DANGER: Media:Sandbox:Required is false.", StringComparison.Ordinal)));
    }

    private static ServiceProvider Services(Dictionary<string, string?> settings) =>
        new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddMedia()
            .BuildServiceProvider();

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        public List<string> Warnings { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning)
                Warnings.Add(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
