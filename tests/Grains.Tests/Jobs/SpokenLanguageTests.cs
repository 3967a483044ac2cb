using AX2Caption.Captions;
using AX2Caption.Grains.Jobs;

namespace AX2Caption.Grains.Tests.Jobs;

public sealed class SpokenLanguageTests
{
    [Fact]
    public void Of_SeveralChunks_IsTheOneSpokenLongest() =>
        Assert.Equal("ko", SpokenLanguage.Of([Chunk("en", 4), Chunk("en", 1), Chunk("ko", 6)]));

    [Fact]
    public void Of_TheSameLanguageInSeveralChunks_IsAddedUp() =>
        Assert.Equal("en", SpokenLanguage.Of([Chunk("en", 4), Chunk("ko", 6), Chunk("EN", 3)]));

    [Fact]
    public void Of_TwoThatAreEqual_IsTheEarlier() => Assert.Equal("ko", SpokenLanguage.Of([Chunk("ko", 4), Chunk("en", 4)]));

    [Fact]
    public void Of_NoWordsOrNoLanguageFound_IsNone() =>
        Assert.Null(SpokenLanguage.Of([new Transcript("en", []), Chunk("und", 60)]));

    private static Transcript Chunk(string language, int seconds) =>
        new(language, [new Word("a", TimeSpan.Zero, TimeSpan.FromSeconds(seconds), 1)]);
}
