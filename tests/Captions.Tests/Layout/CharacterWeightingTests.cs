namespace AX2Caption.Captions.Tests.Layout;

public sealed class CharacterWeightingTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("안녕하세요", 5)]
    [InlineData("안녕 AX2!", 4.5)]
    [InlineData("2026년 3월", 5)]
    [InlineData("그래…", 2.5)]
    [InlineData("“네”", 2)]
    [InlineData("漢字", 2)]
    [InlineData("👍", 1)]
    public void Korean_AnyText_CountsHangulOneAndNarrowHalf(string text, double expected) =>
        Assert.Equal(expected, LayoutProfiles.NetflixKorean.CountCharacters(text));

    [Fact]
    public void Korean_DecomposedSyllables_CountAsTheComposedOnes() =>
        Assert.Equal(2, LayoutProfiles.NetflixKorean.CountCharacters("\u1112\u1161\u11ab\u1100\u1173\u11af"));

    [Theory]
    [InlineData("hello, world", 12)]
    [InlineData("안녕", 2)]
    [InlineData("cafe\u0301", 4)]
    [InlineData("zero\u200bwidth", 9)]
    public void Even_AnyText_CountsEveryVisibleCharacterOnce(string text, double expected) =>
        Assert.Equal(expected, LayoutProfiles.NetflixEnglish.CountCharacters(text));
}
