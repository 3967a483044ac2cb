using AX2Caption.Grains.Transcription;

namespace AX2Caption.Grains.Tests.Transcription;

public sealed class PocketSphinxLabelTests
{
    [Theory]
    [InlineData("and", "and")]
    [InlineData("and(2)", "and")]
    [InlineData("ill-disposed", "ill-disposed")]
    [InlineData("don't(12)", "don't")]
    [InlineData("<sil>", null)]
    [InlineData("</s>", null)]
    [InlineData("[SPEECH]", null)]
    [InlineData("++BREATH++", null)]
    [InlineData("", null)]
    public void ToText_ALabel_IsAWordOrNothing(string label, string? text) => Assert.Equal(text, PocketSphinxLabel.ToText(label));
}
