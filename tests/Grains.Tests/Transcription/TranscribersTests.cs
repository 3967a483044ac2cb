using AX2Caption.Grains.Transcription;

namespace AX2Caption.Grains.Tests.Transcription;

public sealed class TranscribersTests
{
    private static readonly ITranscriber Hosted = new NamedEngine("hosted", ["ko", "en"], DetectsLanguage: true);
    private static readonly ITranscriber Own = new NamedEngine("own", ["en", "ja"], DetectsLanguage: true);
    private static readonly ITranscriber BuiltIn = new NamedEngine("pocketsphinx", ["en"], DetectsLanguage: false);
    private static readonly ITranscriber Off = new NamedEngine("off", [], DetectsLanguage: true);

    [Theory]
    [InlineData("ko", "hosted")]
    [InlineData("ko-KR", "hosted")]
    [InlineData("en", "hosted")]
    [InlineData("ja", "own")]
    [InlineData("auto", "hosted")]
    [InlineData("AUTO", "hosted")]
    [InlineData("de", null)]
    [InlineData("auto-KR", null)]
    public void TryFor_WithoutPreference_IsTheFirstThatServesIt(string language, string? engine) =>
        Assert.Equal(engine, new Transcribers([Off, Hosted, Own, BuiltIn], []).TryFor(language, out var found) ? found.Engine : null);

    [Theory]
    [InlineData("en-GB", "pocketsphinx")]
    [InlineData("auto", "own")]
    [InlineData("ko", "hosted")]
    public void TryFor_WithPreference_IsThePreferredOne(string language, string engine)
    {
        var transcribers = new Transcribers([Hosted, Own, BuiltIn], [new("en", "PocketSphinx"), new("auto", "own")]);

        Assert.True(transcribers.TryFor(language, out var found));
        Assert.Equal(engine, found.Engine);
    }

    [Theory]
    [InlineData("AUTO")]
    [InlineData("Auto")]
    public void Preference_OfAutoHoweverItIsWritten_IsOfAuto(string written)
    {
        var transcribers = new Transcribers([Hosted, Own, BuiltIn], [new(written, "own"), new("EN", "pocketsphinx")]);

        Assert.Equal(["auto", "en", "ja", "ko"], transcribers.Languages);
        Assert.True(transcribers.TryFor("aUTO", out var found) && transcribers.TryFor("en", out var english) && english == BuiltIn);
        Assert.Equal("own", found.Engine);
    }

    [Theory]
    [InlineData("hosted", "en", "hosted")]
    [InlineData("PocketSphinx", "en-US", "pocketsphinx")]
    [InlineData("own", "AUTO", "own")]
    [InlineData("pocketsphinx", "auto", null)]
    [InlineData("pocketsphinx", "ko", null)]
    [InlineData("off", "en", null)]
    [InlineData("gone", "en", null)]
    public void TryNamed_IsThatEngineWhereItTakesTheLanguage(string name, string language, string? engine) =>
        Assert.Equal(engine, new Transcribers([Off, Hosted, Own, BuiltIn], [new("en", "own")]).TryNamed(name, language, out var found) ? found.Engine : null);

    [Fact]
    public void TryFor_AutoWithoutAnEngineThatFindsOut_IsNone()
    {
        var transcribers = new Transcribers([BuiltIn], []);

        Assert.False(transcribers.TryFor("auto", out _));
        Assert.Equal(["en"], transcribers.Languages);
    }

    [Fact]
    public void Languages_NameEachOnceAndAutoAmongThem() =>
        Assert.Equal(["auto", "en", "ja", "ko"], new Transcribers([Hosted, Own, BuiltIn], []).Languages);

    [Fact]
    public void All_LeavesOutWhatIsOff() => Assert.Equal([Own], new Transcribers([Off, Own], []).All);

    private sealed record NamedEngine(string Engine, IReadOnlyList<string> Languages, bool DetectsLanguage) : ITranscriber
    {
        public Task<Recognition> Transcribe(PcmAudio audio, string language, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task CheckHealth(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
