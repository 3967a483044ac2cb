using AX2Caption.Api.Videos;

namespace AX2Caption.Api.Tests.Videos;

public sealed class FileNamesTests
{
    [Theory]
    [InlineData("talk.mp4", "talk.mp4")]
    [InlineData("회의 녹화.mp4", "회의 녹화.mp4")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData(@"C:\films\talk.mp4", "talk.mp4")]
    [InlineData("a\r\nb\u0000.mp4", "ab.mp4")]
    [InlineData("gpj\u202E.mp4", "gpj.mp4")]
    [InlineData("  ", "video")]
    [InlineData(null, "video")]
    public void ForDisplay_WhatClientsSend_IsFitToBeShown(string? sent, string shown) => Assert.Equal(shown, FileNames.ForDisplay(sent));

    [Fact]
    public void ForDisplay_LongName_IsCutBetweenCharacters()
    {
        var shown = FileNames.ForDisplay(string.Concat(Enumerable.Repeat("🎬", 200)));

        Assert.Equal(254, shown.Length);
        Assert.DoesNotContain('\uFFFD', shown);
    }
}
