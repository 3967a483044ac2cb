using static AX2Caption.Captions.Tests.Speech;

namespace AX2Caption.Captions.Tests.Formats;

public sealed class SubRipTests
{
    [Fact]
    public void Write_TwoCues_NumbersThemFromOneWithCommasAndLineFeeds() =>
        Assert.Equal(
            "1\n00:00:00,000 --> 00:00:01,500\nhello\nthere\n\n2\n00:01:02,003 --> 00:01:04,000\n안녕\n\n",
            Write(new Cue(Ms(0), Ms(1500), ["hello", "there"]), new Cue(Ms(62_003), Ms(64_000), ["안녕"])));

    [Fact]
    public void Write_EmptyTrack_WritesNothing() => Assert.Equal("", Write());

    [Theory]
    [InlineData(999.5, "00:00:01,000")]
    [InlineData(999.4999, "00:00:00,999")]
    [InlineData(59_999.6, "00:01:00,000")]
    [InlineData(3_599_999.9, "01:00:00,000")]
    [InlineData(360_000_000, "100:00:00,000")]
    [InlineData(3_600_000_000, "1000:00:00,000")]
    public void Write_AnyTime_RoundsItAndKeepsItsHours(double ms, string expected) =>
        Assert.StartsWith($"1\n{expected} --> ", Write(new Cue(Ms(ms), Ms(ms + 1000), ["x"])), StringComparison.Ordinal);

    [Fact]
    public void Write_CueThatRoundsToNothing_StillEndsAfterItStarts() =>
        Assert.Contains("00:00:00,001 --> 00:00:00,002", Write(new Cue(Ms(1.1), Ms(1.3), ["x"])), StringComparison.Ordinal);

    [Fact]
    public void Write_CueBeforeTheMedia_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Write(new Cue(Ms(-5), Ms(10), ["x"])));

    [Fact]
    public void Write_LinesThatWouldEndThePayload_AreMadeHarmless() =>
        Assert.Equal(
            "1\n00:00:00,000 --> 00:00:01,000\na  b c\nd\n-→ e <i>\n\n",
            Write(new Cue(Ms(0), Ms(1000), ["a\r\nb\u2028c", "", " \t", "d\n", "---> e <i>"])));

    [Fact]
    public void Write_CueWithoutText_IsLeftOutOfTheNumbering() =>
        Assert.Equal("1\n00:00:00,001 --> 00:00:00,002\nx\n\n", Write(new Cue(Ms(0), Ms(1), [" "]), new Cue(Ms(1), Ms(2), ["x"])));

    private static string Write(params Cue[] cues)
    {
        // A Windows writer must not leak its line ends into the file.
        using var writer = new StringWriter { NewLine = "\r\n" };
        SubRip.Write(new CaptionTrack("en", cues), writer);
        return writer.ToString();
    }
}
