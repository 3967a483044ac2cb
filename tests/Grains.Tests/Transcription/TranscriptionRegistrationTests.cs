using AX2Caption.Grains.Transcription;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Tests.Transcription;

public sealed class TranscriptionRegistrationTests
{
    [Fact]
    public void Options_NothingConfigured_AreTheDocumentedDefaults()
    {
        using var services = Services([]);

        var engine = services.GetRequiredService<IOptions<PocketSphinxOptions>>().Value;
        Assert.Equal(("/usr/share/pocketsphinx/model/en-us", Environment.ProcessorCount), (engine.ModelPath, engine.Decoders));
        Assert.Equal(["en"], engine.ServedLanguages);
        Assert.Equal(TimeSpan.FromMinutes(15), engine.ChunkTimeout);
        var chunks = services.GetRequiredService<IOptions<ChunkOptions>>().Value;
        Assert.Equal((30, 60, 0.2), (chunks.Target.TotalSeconds, chunks.Max.TotalSeconds, chunks.MinSilence.TotalSeconds));
        Assert.Equal(TimeSpan.FromSeconds(1.5), chunks.EffectiveOverlap);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("en-US")]
    [InlineData("EN-gb")]
    public void TryFor_ATagOfAServedLanguage_FindsTheEngine(string language)
    {
        using var services = Services([]);

        Assert.True(services.GetRequiredService<Transcribers>().TryFor(language, out var engine));
        Assert.Equal("pocketsphinx", engine.Engine);
    }

    [Theory]
    [InlineData("ko")]
    [InlineData("eng")]
    [InlineData("")]
    [InlineData("-en")]
    public void TryFor_AnyOtherTag_FindsNone(string language)
    {
        using var services = Services([]);

        Assert.False(services.GetRequiredService<Transcribers>().TryFor(language, out _));
    }

    [Fact]
    public void Languages_WithoutModelAndLibraries_AreKnownAllTheSame()
    {
        using var services = Services(new() { ["Transcription:PocketSphinx:ModelPath"] = "/nowhere" });

        Assert.Equal(["en"], services.GetRequiredService<Transcribers>().Languages);
    }

    [Fact]
    public void Languages_Configured_ReplaceTheDefault()
    {
        using var services = Services(new() { ["Transcription:PocketSphinx:Languages:0"] = "de" });

        Assert.Equal(["de"], services.GetRequiredService<Transcribers>().Languages);
    }

    [Fact]
    public void ChunkOptions_MaximumBelowTarget_IsRefused()
    {
        using var services = Services(new() { ["Transcription:Chunks:Max"] = "00:00:20" });

        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<ChunkOptions>>().Value);

        Assert.Contains("Transcription:Chunks:Max must be at least Transcription:Chunks:Target.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PocketSphinxOptions_NoDecoder_IsRefused()
    {
        using var services = Services(new() { ["Transcription:PocketSphinx:Decoders"] = "0" });

        Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<PocketSphinxOptions>>().Value);
    }

    private static ServiceProvider Services(Dictionary<string, string?> settings) =>
        new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddLogging()
            .AddTranscription()
            .BuildServiceProvider();
}
