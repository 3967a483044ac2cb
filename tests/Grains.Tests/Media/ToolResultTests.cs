using AX2Caption.Grains.Media;

namespace AX2Caption.Grains.Tests.Media;

public sealed class ToolResultTests
{
    [Theory]
    [InlineData(1, "file:/out/audio.pcm: No space left on device", true)]
    [InlineData(1, "file:/out/audio.pcm: Disk quota exceeded", true)]
    [InlineData(1, "file:/in/source: Invalid data found when processing input", false)]
    [InlineData(0, "file:/out/audio.pcm: No space left on device", false)]
    public void HadNoRoom_IsByItsWordsAndItsFailure(int exitCode, string errors, bool hadNone) =>
        Assert.Equal(hadNone, new ToolResult(exitCode, new CapturedText("", false), new CapturedText(errors, false)).HadNoRoom);
}
