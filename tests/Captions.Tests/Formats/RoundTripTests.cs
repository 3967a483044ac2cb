using AX2Caption.Captions.Tests.Layout;
using CsCheck;

namespace AX2Caption.Captions.Tests.Formats;

public sealed class RoundTripTests
{
    [Fact]
    public void AnyLaidOutTrack_WrittenAsSubRip_ReadsBackTheSame() => ReadsBack(SubRip.Write, CaptionReader.SubRip);

    [Fact]
    public void AnyLaidOutTrack_WrittenAsWebVtt_ReadsBackTheSame() => ReadsBack(WebVtt.Write, CaptionReader.WebVtt);

    [Fact]
    public void AnyText_InALine_LeavesTheFileWellFormed() =>
        Gen.String.Array[0, 4].Array[0, 5].Sample(texts =>
        {
            var cues = texts.Select((lines, i) => new Cue(TimeSpan.FromSeconds(i), TimeSpan.FromSeconds(i + 1), lines)).ToArray();
            var shown = cues.Count(cue => cue.Lines.Any(line => PlainText.ToOneLine(line).Length > 0));
            var track = new CaptionTrack("en", cues);
            Assert.Equal(shown, CaptionReader.SubRip(Written(track, SubRip.Write)).Count);
            Assert.Equal(shown, CaptionReader.WebVtt(Written(track, WebVtt.Write)).Count);
        });

    private static void ReadsBack(Action<CaptionTrack, TextWriter> write, Func<string, IReadOnlyList<Cue>> read) =>
        Gen.Select(AnyTranscript.WellFormed(60), AnyTranscript.Profile).Sample((transcript, profile) =>
        {
            var track = CueLayout.LayOut(transcript, profile, TimeSpan.FromHours(1));
            var cues = read(Written(track, write));
            Assert.Equal(track.Cues.Select(cue => (cue.Start, cue.End)), cues.Select(cue => (cue.Start, cue.End)));
            Assert.Equal(track.Cues.SelectMany(cue => cue.Lines), cues.SelectMany(cue => cue.Lines));
        });

    private static string Written(CaptionTrack track, Action<CaptionTrack, TextWriter> write)
    {
        using var writer = new StringWriter();
        write(track, writer);
        return writer.ToString();
    }
}
