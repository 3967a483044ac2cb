using static AX2Caption.Captions.Tests.Speech;

namespace AX2Caption.Captions.Tests.Layout;

public sealed class CueLayoutTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void EmptyTranscript_AnyMedia_GivesAnEmptyTrackOfTheSameLanguage()
    {
        var track = CueLayout.LayOut(new Transcript("ko", []), LayoutProfiles.NetflixKorean, TimeSpan.Zero);
        Assert.Equal("ko", track.Language);
        Assert.Empty(track.Cues);
    }

    [Fact]
    public void ShortText_ThatFitsOneLine_TakesOneLine() =>
        Assert.Equal(["a line of exactly forty-two characters, ok"], Lines("a line of exactly forty-two characters, ok"));

    [Fact]
    public void TextOfOneCharacterMore_IsBrokenWithTheLowerLineLonger()
    {
        var lines = Assert.Single(LayOut("nobody noticed little yellow painted sparrows").Cues).Lines;
        Assert.Equal(["nobody noticed little", "yellow painted sparrows"], lines);
    }

    [Fact]
    public void LineBreak_BesideAConjunction_GoesBeforeIt() =>
        Assert.Equal(["he walked to the old harbour", "and she stayed behind at home"], Lines("he walked to the old harbour and she stayed behind at home"));

    [Fact]
    public void LineBreak_NeverPartsAnArticleFromItsNoun() =>
        Assert.All(LayOut("people everywhere admired the painting hanging over the fireplace").Cues.SelectMany(cue => cue.Lines), line => Assert.False(line.EndsWith(" the", StringComparison.Ordinal)));

    [Theory]
    [InlineData("we waited half the night there. nobody ever came to open that door for us, sadly we went away hungry", "there.")]
    [InlineData("we waited half the night there, nobody ever came to open that door for us sadly we went away hungry", "there,")]
    [InlineData("we waited half the night there |400 nobody ever came to open that door sadly we went away hungry again", "there")]
    [InlineData("we waited half the night there and nobody ever noticed those hungry tired young children sleeping", "there")]
    public void CueBreak_AmongMany_GoesToTheStrongestBoundary(string speech, string lastWord) =>
        Assert.Equal(lastWord, LayOut(speech).Cues[0].Lines[^1].Split(' ')[^1]);

    [Fact]
    public void LongSilence_BetweenTwoWords_PartsThemThoughTheyWouldFit()
    {
        var track = LayOut("good morning everybody |5000 good night everybody");
        Assert.Equal([["good morning everybody"], ["good night everybody"]], track.Cues.Select(cue => cue.Lines));
    }

    [Fact]
    public void ShortSentences_InARow_ShareACueRatherThanFlash()
    {
        var cue = Assert.Single(LayOut("yes. no. maybe.", wordMs: 200).Cues);
        Assert.Equal(["yes. no. maybe."], cue.Lines);
    }

    [Fact]
    public void LongSentences_WithoutAPauseBetween_ShareACue() =>
        Assert.Single(LayOut("the children walked home slowly. nobody noticed they were late.").Cues);

    [Fact]
    public void LongSentences_WithAPauseBetween_AreParted() =>
        Assert.Equal(2, LayOut("the children walked home slowly today. |500 nobody noticed they were an hour late.").Cues.Count);

    [Fact]
    public void SamePause_InsideASentence_PartsNothing() =>
        Assert.Single(LayOut("the children walked home slowly today |500 nobody noticed they were an hour late").Cues);

    [Fact]
    public void SentenceOneWordTooLong_IsNotSplitIntoACueAndALeftover()
    {
        var track = LayOut("서울에서는 젓갈을 적게 쓰고 남쪽에서는 많이 쓸 수 있다고 해요.", wordMs: 450, language: "ko");
        Assert.Equal([["서울에서는 젓갈을 적게 쓰고"], ["남쪽에서는 많이", "쓸 수 있다고 해요."]], track.Cues.Select(cue => cue.Lines));
    }

    [Fact]
    public void Cue_InTime_IsTheFirstWords()
    {
        var track = LayOut("|1234 hello there |3000 again");
        Assert.Equal([Ms(1234), Ms(4834)], track.Cues.Select(cue => cue.Start));
    }

    [Fact]
    public void SpeechLongerThanTheMaximum_IsCutIntoSeveralCues()
    {
        var track = LayOut("slow words drawn out very long", wordMs: 2000);
        Assert.True(track.Cues.Count >= 2);
        Assert.All(track.Cues, cue => Assert.True(cue.End - cue.Start <= TimeSpan.FromSeconds(7)));
    }

    [Fact]
    public void WordLongerThanALine_StandsUncutOnALineAlone()
    {
        var giant = new string('x', 100);
        var lines = LayOut($"before {giant} after").Cues.SelectMany(cue => cue.Lines).ToArray();
        Assert.Equal(["before", giant, "after"], lines);
    }

    [Fact]
    public void KoreanText_UnderTheKoreanProfile_IsCountedByWeight()
    {
        // 16 by weight: 14 Hangul and four spaces. As Latin it would be 18.
        var cue = Assert.Single(LayOut("우리가 어제 만난 사람은 친구였다", language: "ko").Cues);
        Assert.Equal(["우리가 어제 만난 사람은 친구였다"], cue.Lines);
    }

    [Fact]
    public void KoreanText_LongerThanALine_BreaksAfterAParticle()
    {
        var cue = Assert.Single(LayOut("오늘 아침에 우리 학교에서 작은 축제가 조용하게 열렸습니다.", wordMs: 500, language: "ko").Cues);
        Assert.Equal(["오늘 아침에 우리 학교에서", "작은 축제가 조용하게 열렸습니다."], cue.Lines);
    }

    [Fact]
    public void OverlappingWords_AreMovedApartAndKept()
    {
        var transcript = new Transcript("en", [At("one", 0, 5000), At("two", 1000, 900), At("three", 1000, 1000)]);
        var track = CueLayout.LayOut(transcript, LayoutProfiles.NetflixEnglish, Hour);
        Assert.Equal("one two three", string.Join(' ', track.Cues.SelectMany(cue => cue.Lines)));
    }

    [Fact]
    public void WordsPastTheMedia_AreMovedInside()
    {
        var transcript = new Transcript("en", [At("late", 9000, 9500), At("later", 9900, 12_000)]);
        var cue = Assert.Single(CueLayout.LayOut(transcript, LayoutProfiles.NetflixEnglish, Ms(5000.7)).Cues);
        Assert.Equal((Ms(4998), Ms(5000)), (cue.Start, cue.End));
    }

    [Fact]
    public void MediaShorterThanItsWords_IsRefused() =>
        Assert.Throws<ArgumentException>(() => CueLayout.LayOut(Of("one two three"), LayoutProfiles.NetflixEnglish, Ms(2)));

    [Fact]
    public void ProfileWithoutRoom_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CueLayout.LayOut(Of("one"), LayoutProfiles.Bbc with { Lines = 0 }, Hour));

    [Fact]
    public void Times_OfTheWords_AreRoundedNotTruncated()
    {
        var transcript = new Transcript("en", [At("hello", 100.6, 2000.5)]);
        var cue = Assert.Single(CueLayout.LayOut(transcript, LayoutProfiles.NetflixEnglish, Hour).Cues);
        Assert.Equal((Ms(101), Ms(2001)), (cue.Start, cue.End));
    }

    [Fact]
    public void BlankWordsAndLineBreaksInside_DoNotReachTheLines()
    {
        var transcript = new Transcript("en", [At(" ", 0, 100), At("two\nlines", 100, 900), At("\0", 900, 1000)]);
        Assert.Equal(["two lines"], Assert.Single(CueLayout.LayOut(transcript, LayoutProfiles.NetflixEnglish, Hour).Cues).Lines);
    }

    [Fact]
    public void ThreeLines_WhenTheProfileAllowsThem_AreFilled()
    {
        var profile = LayoutProfiles.Bbc with { CharactersPerLine = 12, Lines = 3 };
        var cue = Assert.Single(CueLayout.LayOut(Of("seven ducks swam past seven boats."), profile, Hour).Cues);
        Assert.Equal(3, cue.Lines.Count);
    }

    private static Word At(string text, double startMs, double endMs) => new(text, Ms(startMs), Ms(endMs), 1);

    private static CaptionTrack LayOut(string speech, int wordMs = 300, string language = "en") =>
        CueLayout.LayOut(Of(speech, wordMs, language), LayoutProfiles.DefaultFor(language), Hour);

    private static IReadOnlyList<string> Lines(string speech) => Assert.Single(LayOut(speech).Cues).Lines;
}
