using static AX2Caption.Captions.Tests.Speech;

namespace AX2Caption.Captions.Tests.Formats;

public sealed class WebVttTests
{
    [Fact]
    public void Write_TwoCues_FollowTheSignatureAndTheLanguage() =>
        Assert.Equal(
            "WEBVTT\n\nNOTE language: ko-KR\n\n00:00:00.000 --> 00:00:01.500\n안녕\n하세요\n\n100:00:00.000 --> 100:00:02.000\nx\n\n",
            Write("ko-KR", new Cue(Ms(0), Ms(1500), ["안녕", "하세요"]), new Cue(TimeSpan.FromHours(100), TimeSpan.FromHours(100) + Ms(2000), ["x"])));

    [Fact]
    public void Write_EmptyTrackWithoutLanguage_IsTheSignatureAlone() => Assert.Equal("WEBVTT\n\n", Write(""));

    [Theory]
    [InlineData("en\n\n00:00:00.000 --> 00:00:01.000\ninjected")]
    [InlineData("en-->")]
    [InlineData("en--x")]
    public void Write_LanguageThatIsNoTag_IsLeftOut(string language) => Assert.Equal("WEBVTT\n\n", Write(language));

    [Fact]
    public void Write_MarkupInTheText_IsEscaped() =>
        Assert.Contains("\nAT&amp;T &lt;b&gt; --&gt; &amp;lt;\n", Write("en", new Cue(Ms(0), Ms(1000), ["AT&T <b> --> &lt;"])), StringComparison.Ordinal);

    [Fact]
    public void Write_LinesThatWouldEndThePayload_AreMadeHarmless() =>
        Assert.EndsWith("\na  b\nc\n\n", Write("en", new Cue(Ms(0), Ms(1000), ["a\n\nb", "\0", "c\r"])), StringComparison.Ordinal);

    [Fact]
    public void Write_LoneSurrogate_BecomesTheReplacementCharacter() =>
        Assert.EndsWith("\na\ufffdb\n\n", Write("en", new Cue(Ms(0), Ms(1000), ["a\ud800b"])), StringComparison.Ordinal);

    [Fact]
    public void Write_HalfMilliseconds_AreRoundedUp() =>
        Assert.Contains("00:00:00.001 --> 00:00:01.000", Write("en", new Cue(Ms(0.5), Ms(999.5), ["x"])), StringComparison.Ordinal);

    private static string Write(string language, params Cue[] cues)
    {
        using var writer = new StringWriter { NewLine = "\r\n" };
        WebVtt.Write(new CaptionTrack(language, cues), writer);
        return writer.ToString();
    }
}
