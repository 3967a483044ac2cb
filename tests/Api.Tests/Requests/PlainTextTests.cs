using AX2Caption.Api.Requests;

namespace AX2Caption.Api.Tests.Requests;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("Für den Ausfall, 죄송합니다 🙏")]
    [InlineData("two words")]
    public void Is_ALineOfText_IsAccepted(string text) => Assert.True(PlainText.Is(text, 100));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("two\nlines")]
    [InlineData("two\u2028lines")]
    [InlineData("two\u2029lines")]
    [InlineData("nul\0")]
    [InlineData("\u0085")]
    [InlineData("\u001b[31mred")]
    public void Is_AnythingElse_IsRefused(string text) => Assert.False(PlainText.Is(text, 100));

    // Not among the cases above: an attribute cannot hold what is no Unicode.
    [Fact]
    public void Is_HalfASurrogatePair_IsRefused()
    {
        Assert.False(PlainText.Is("high \ud83d", 100));
        Assert.False(PlainText.Is("\ude4f low", 100));
        Assert.False(PlainText.Is("\ude4f\ud83d", 100));
    }

    [Fact]
    public void Is_Length_CountsCodeUnitsUpToTheMaximum()
    {
        Assert.True(PlainText.Is(new string('a', 100), 100));
        Assert.False(PlainText.Is(new string('a', 101), 100));
        Assert.True(PlainText.Is(string.Concat(Enumerable.Repeat("🙏", 50)), 100));
        Assert.False(PlainText.Is(string.Concat(Enumerable.Repeat("🙏", 51)), 100));
    }
}
