using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Tests.Media;
using AX2Caption.Grains.Transcription;
using AX2Caption.Grains.Transcription.OpenAi;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AX2Caption.Grains.Tests.Transcription.OpenAi;

public sealed class TranscriptionOptionsTests
{
    private const string Server = "Transcription:OpenAi:hosted";

    private static readonly (string Key, string Value)[] Complete =
        [($"{Server}:BaseUrl", "https://speech.test/v1/"), ($"{Server}:Model", "whisper-1"), ($"{Server}:Languages:0", "ko"), ($"{Server}:Languages:1", "en")];

    [Fact]
    public void Server_OnlyWhatItNeeds_HasTheDocumentedDefaults()
    {
        var server = new OpenAiServerOptions { BaseUrl = "https://speech.test/v1/", Model = "whisper-1", Languages = ["ko"] };

        Assert.Equal(new Uri("https://speech.test/v1/audio/transcriptions"), server.Endpoint);
        Assert.Null(server.Key);
        Assert.True(server.DetectsLanguage);
        Assert.Equal((4, SpeechEncoding.Flac, 26_148_864L), (server.MaximumConcurrency, server.Encoding, server.MaximumUploadBytes));
        Assert.Equal((120, 2, 1, 5), (server.Timeout.TotalSeconds, server.MaxRetries, server.RetryDelay.TotalSeconds, server.MaximumRetryAfter.TotalSeconds));
        Assert.Equal(15, server.ConnectTimeout.TotalSeconds);
        Assert.Equal(
            (0.5, 8, 60, 15),
            (server.BreakerFailureRatio, server.BreakerMinimumRequests, server.BreakerWindow.TotalSeconds, server.BreakDuration.TotalSeconds));
        Assert.Equal(0.8, server.NoSpeechThreshold);
    }

    [Fact]
    public void Start_WithAServer_IsAnEngineOfItsNameBeforeTheBuiltInOne()
    {
        using var services = Services(Complete);
        var transcribers = services.GetRequiredService<Transcribers>();

        Assert.Equal(["hosted", "pocketsphinx"], transcribers.All.Select(engine => engine.Engine));
        Assert.Equal(["auto", "en", "ko"], transcribers.Languages);
        Assert.True(transcribers.TryFor("en-US", out var english));
        Assert.Equal("hosted", english.Engine);
    }

    [Fact]
    public void Start_WithAPreference_GoesThere()
    {
        using var services = Services([.. Complete, ("Transcription:Preference:en", "pocketsphinx")]);

        Assert.True(services.GetRequiredService<Transcribers>().TryFor("en", out var english));
        Assert.Equal("pocketsphinx", english.Engine);
    }

    [Theory]
    [InlineData("AUTO")]
    [InlineData("Auto")]
    public void Start_WithAPreferenceForAutoHoweverItIsWritten_GoesThere(string written)
    {
        using var services = Services(
        [
            .. Complete, ("Transcription:OpenAi:other:BaseUrl", "https://other.test/v1"), ("Transcription:OpenAi:other:Model", "whisper-1"),
            ("Transcription:OpenAi:other:Languages:0", "ko"), ($"Transcription:Preference:{written}", "other"),
        ]);
        var transcribers = services.GetRequiredService<Transcribers>();

        Assert.Equal(["auto", "en", "ko"], transcribers.Languages);
        Assert.True(transcribers.TryFor("auto", out var automatic));
        Assert.Equal("other", automatic.Engine);
    }

    [Fact]
    public void Start_WithPricesOfTheServer_KnowsThem() =>
        Assert.Null(Refusal([.. Complete, ("Credits:Engines:hosted", "3"), ("Credits:Profiles:auto", "1")]));

    [Fact]
    public void Start_WithEverythingWrong_NamesEachKey()
    {
        var refusal = Refusal(
            ("Transcription:OpenAi:Bad_Name:BaseUrl", "ftp://speech.test"),
            ("Transcription:OpenAi:Bad_Name:Languages:0", "ko-KR"),
            ("Transcription:OpenAi:Bad_Name:ApiKey", "a key"),
            ("Transcription:OpenAi:pocketsphinx:BaseUrl", "https://user@speech.test/v1"),
            ("Transcription:OpenAi:pocketsphinx:Model", "whisper-1"),
            ("Transcription:OpenAi:pocketsphinx:ApiKeyPath", "/nowhere/key"),
            ("Transcription:OpenAi:pocketsphinx:Timeout", "00:00:00"),
            ("Transcription:OpenAi:pocketsphinx:MaxRetries", "21"),
            ("Transcription:Preference:ko", "nobody"),
            ("Transcription:Preference:de", "pocketsphinx"));

        Assert.NotNull(refusal);
        foreach (var problem in (string[])
        [
            "OpenAi:Bad_Name: the name of an engine", "OpenAi:Bad_Name:BaseUrl: must be an http", "OpenAi:Bad_Name:Model:", "OpenAi:Bad_Name:Languages: takes primary",
            "OpenAi:Bad_Name:ApiKey: the key is empty", "OpenAi:pocketsphinx: 'pocketsphinx' is the built-in", "OpenAi:pocketsphinx:BaseUrl: must be",
            "OpenAi:pocketsphinx:Languages: must name", "OpenAi:pocketsphinx:ApiKeyPath: the file cannot be read", "OpenAi:pocketsphinx:Timeout:",
            "OpenAi:pocketsphinx:MaxRetries:", "Preference:ko: there is no engine 'nobody'", "Preference:de: 'pocketsphinx' does not serve it",
        ])
            Assert.Contains($"Transcription:{problem}", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("a key", refusal.Replace("a key ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Timeout", "00:00:01", true)]
    [InlineData("Timeout", "01:00:01", false)]
    [InlineData("MaxRetries", "0", true)]
    [InlineData("ConnectTimeout", "00:00:00.049", false)]
    [InlineData("ConnectTimeout", "00:05:00", true)]
    [InlineData("ConnectTimeout", "00:05:01", false)]
    [InlineData("MaximumConcurrency", "0", false)]
    [InlineData("MaximumConcurrency", "256", true)]
    [InlineData("MaximumUploadBytes", "65535", false)]
    [InlineData("RetryDelay", "00:00:00.009", false)]
    [InlineData("MaximumRetryAfter", "00:00:00", true)]
    [InlineData("BreakerFailureRatio", "0", false)]
    [InlineData("BreakerFailureRatio", "1", true)]
    [InlineData("BreakerMinimumRequests", "1", false)]
    [InlineData("BreakerWindow", "00:00:00.499", false)]
    [InlineData("BreakDuration", "00:00:00.5", true)]
    [InlineData("NoSpeechThreshold", "1.01", false)]
    public void Server_AtTheEdges_IsTakenOrRefused(string member, string value, bool taken) =>
        Assert.Equal(taken, Refusal([.. Complete, ($"{Server}:{member}", value)]) is null);

    [Fact]
    public void Key_InAFile_IsReadWithoutItsLineBreak()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("key"), "sk-from-a-file\n");

        Assert.Equal("sk-from-a-file", new OpenAiServerOptions { ApiKeyPath = folder.File("key") }.Key);
        Assert.Null(Refusal([.. Complete, ($"{Server}:ApiKeyPath", folder.File("key"))]));
        Assert.Contains("ApiKeyPath: goes without ApiKey", Refusal([.. Complete, ($"{Server}:ApiKeyPath", folder.File("key")), ($"{Server}:ApiKey", "sk-other")]), StringComparison.Ordinal);
    }

    private static string? Refusal(params (string Key, string Value)[] settings) => OptionsStartup.Validate(
        services => services.AddLogging().AddGrainServices(), [.. settings, ("Mail:Folder", "/mails")]);

    private static ServiceProvider Services((string Key, string Value)[] settings) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, string? (setting) => setting.Value)).Build())
        .AddLogging()
        .AddTranscription()
        .BuildServiceProvider();
}
