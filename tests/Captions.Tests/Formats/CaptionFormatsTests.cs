namespace AX2Caption.Captions.Tests.Formats;

public sealed class CaptionFormatsTests
{
    [Theory]
    [InlineData("srt", ".srt", "application/x-subrip", "1\n00:00:00,000")]
    [InlineData("vtt", ".vtt", "text/vtt", "WEBVTT\n")]
    public void Format_OfEachName_WritesItself(string name, string extension, string mediaType, string beginning)
    {
        Assert.True(CaptionFormats.TryGet(name, out var format));
        Assert.Equal((name, extension, mediaType), (format.Name, format.FileExtension, format.MediaType));

        using var writer = new StringWriter();
        format.Write(new CaptionTrack("en", [new Cue(TimeSpan.Zero, TimeSpan.FromSeconds(1), ["x"])]), writer);
        Assert.StartsWith(beginning, writer.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("SRT")]
    [InlineData(".srt")]
    [InlineData("docx")]
    public void TryGet_UnknownName_FindsNothing(string? name) => Assert.False(CaptionFormats.TryGet(name, out _));

    [Fact]
    public void All_Formats_AreListedOnce() => Assert.Equal([CaptionFormats.Srt, CaptionFormats.Vtt], CaptionFormats.All);
}
