using AX2Caption.Captions;
using AX2Caption.Grains.Transcription;
using CsCheck;

namespace AX2Caption.Grains.Tests.Transcription;

public sealed class WordTimesTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    private static readonly Gen<Word[]> AnyWords =
        from times in Gen.Select(Gen.Int[-5_000, 40_000], Gen.Int[-5_000, 40_000]).Array[0, 200]
        select times.Select((time, i) => new Word($"w{i}", Ms(time.Item1), Ms(time.Item2), 0.5)).ToArray();

    [Fact]
    public void Fit_AnyTimes_GivesEveryWordItsPlaceInOrder() => AnyWords.Sample(words =>
    {
        var fitted = WordTimes.Fit(words, Duration)!;

        Assert.Equal(words.Select(word => word.Text), fitted.Select(word => word.Text));
        var end = TimeSpan.Zero;
        foreach (var word in fitted)
        {
            Assert.True(word.Start >= end && word.End >= word.Start + WordTimes.Shortest);
            end = word.End;
        }

        Assert.True(end <= Duration);
    });

    [Fact]
    public void Fit_WordsInOrder_StayAsTheyAre() => AnyWords.Sample(words =>
    {
        var fitted = WordTimes.Fit(words, Duration)!;

        Assert.Equal(fitted, WordTimes.Fit(fitted, Duration));
    });

    [Fact]
    public void Fit_MoreWordsThanRoom_IsNothing()
    {
        var words = Enumerable.Repeat(new Word("a", TimeSpan.Zero, Ms(1), 1), 11).ToList();

        Assert.Null(WordTimes.Fit(words, Ms(109)));
        Assert.Equal(11, WordTimes.Fit(words, Ms(110))!.Count);
    }

    [Fact]
    public void Fit_NoWordsInNoAudio_IsNoWords() => Assert.Empty(WordTimes.Fit([], TimeSpan.Zero)!);

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
