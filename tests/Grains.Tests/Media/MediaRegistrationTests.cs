using AX2Caption.Grains.Media;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Tests.Media;

public sealed class MediaRegistrationTests
{
    [Fact]
    public void Options_NothingConfigured_AreTheDocumentedDefaults()
    {
        using var services = Services([]);

        var media = services.GetRequiredService<IOptions<MediaOptions>>().Value;
        Assert.Equal((TimeSpan.FromHours(4), 32, 35_651_584), (media.MaxDuration, media.MaxStreams, media.MaxPixels));
        var sandbox = services.GetRequiredService<IOptions<MediaSandboxOptions>>().Value;
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

    private static ServiceProvider Services(Dictionary<string, string?> settings) =>
        new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddMedia()
            .BuildServiceProvider();
}
