using AX2Caption.Testing;

namespace AX2Caption.Grains.Tests.Transcription;

public sealed class WordErrorRateTests
{
    [Theory]
    [InlineData("the cat sat", "the cat sat", 0)]
    [InlineData("The cat, sat!", "the cat sat", 0)]
    [InlineData("mr. cat", "mister cat", 0)]
    [InlineData("the hat sat", "the cat sat", 1 / 3.0)]
    [InlineData("the sat", "the cat sat", 1 / 3.0)]
    [InlineData("the big cat sat", "the cat sat", 1 / 3.0)]
    [InlineData("", "the cat sat", 1)]
    [InlineData("one two three", "four", 3)]
    public void Of_AHypothesis_CountsItsErrors(string hypothesis, string reference, double rate) =>
        Assert.Equal(rate, WordErrorRate.Of(hypothesis, reference), precision: 10);

    [Fact]
    public void Of_AnEmptyReference_IsRefused() => Assert.Throws<ArgumentException>(() => WordErrorRate.Of("word", " "));
}
