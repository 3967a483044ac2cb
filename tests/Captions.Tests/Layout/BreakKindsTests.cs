using static AX2Caption.Captions.Tests.Speech;

namespace AX2Caption.Captions.Tests.Layout;

public sealed class BreakKindsTests
{
    [Theory]
    [InlineData("done.", "Next", BreakKind.SentenceEnd)]
    [InlineData("done?\"", "Next", BreakKind.SentenceEnd)]
    [InlineData("well,", "then", BreakKind.ClauseMark)]
    [InlineData("Mr.", "Smith", BreakKind.Bound)]
    [InlineData("J.", "Smith", BreakKind.Bound)]
    [InlineData("dogs", "and", BreakKind.Phrase)]
    [InlineData("went", "to", BreakKind.Phrase)]
    [InlineData("black", "cat", BreakKind.Word)]
    [InlineData("the", "cat", BreakKind.Bound)]
    [InlineData("of", "cats", BreakKind.Bound)]
    [InlineData("25", "miles", BreakKind.Bound)]
    [InlineData("Jane", "Austen", BreakKind.Bound)]
    [InlineData("thank", "you", BreakKind.Word)]
    [InlineData("you", "for", BreakKind.Phrase)]
    [InlineData("...", "Next", BreakKind.SentenceEnd)]
    public void English_Neighbours_AreClassified(string previous, string next, object expected) =>
        Assert.Equal(expected, BreakKinds.Between(previous, next, TimeSpan.Zero, Phrasing.For("en-US")));

    [Theory]
    [InlineData("갔습니다.", "그리고", BreakKind.SentenceEnd)]
    [InlineData("학교에", "갔다", BreakKind.Phrase)]
    [InlineData("비가", "와서", BreakKind.Phrase)]
    [InlineData("사람", "그리고", BreakKind.Phrase)]
    [InlineData("파란", "하늘", BreakKind.Word)]
    [InlineData("할", "수", BreakKind.Bound)]
    [InlineData("할", "수가", BreakKind.Bound)]
    [InlineData("3", "킬로미터", BreakKind.Bound)]
    [InlineData("그", "사람", BreakKind.Bound)]
    public void Korean_Neighbours_AreClassified(string previous, string next, object expected) =>
        Assert.Equal(expected, BreakKinds.Between(previous, next, TimeSpan.Zero, Phrasing.For("ko")));

    [Theory]
    [InlineData("the", "cat", 299, BreakKind.Bound)]
    [InlineData("the", "cat", 300, BreakKind.LongPause)]
    [InlineData("well,", "then", 900, BreakKind.ClauseMark)]
    public void Pause_FromThreeHundredMilliseconds_OutranksThePhrasing(string previous, string next, int pauseMs, object expected) =>
        Assert.Equal(expected, BreakKinds.Between(previous, next, Ms(pauseMs), Phrasing.For("en")));

    [Fact]
    public void UnknownLanguage_Numbers_StayWithTheirUnit()
    {
        var phrasing = Phrasing.For("fr");
        Assert.Equal(BreakKind.Bound, BreakKinds.Between("25", "kilomètres", TimeSpan.Zero, phrasing));
        Assert.Equal(BreakKind.Word, BreakKinds.Between("le", "chat", TimeSpan.Zero, phrasing));
    }

    [Fact]
    public void Weights_OfTheKinds_KeepTheirOrder()
    {
        var pauses = new[] { 300, 600, 1000, 60_000 }.Select(ms => LayoutWeights.Break(BreakKind.LongPause, Ms(ms))).ToArray();
        Assert.Equal(pauses.OrderDescending(), pauses);

        double[] order =
        [
            LayoutWeights.Break(BreakKind.SentenceEnd, TimeSpan.Zero),
            LayoutWeights.Break(BreakKind.ClauseMark, TimeSpan.Zero),
            pauses[^1],
            pauses[0],
            LayoutWeights.Break(BreakKind.Phrase, Ms(299)),
            LayoutWeights.Break(BreakKind.Phrase, TimeSpan.Zero),
            LayoutWeights.Break(BreakKind.Word, Ms(299)),
            LayoutWeights.Break(BreakKind.Word, TimeSpan.Zero),
            LayoutWeights.Break(BreakKind.Bound, Ms(299)),
            LayoutWeights.Break(BreakKind.Bound, TimeSpan.Zero),
        ];
        Assert.Equal(order.Order(), order);
        Assert.Equal(order.Length, order.Distinct().Count());
    }
}
