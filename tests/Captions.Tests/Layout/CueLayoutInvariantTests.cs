using CsCheck;
using static AX2Caption.Captions.Tests.Speech;

namespace AX2Caption.Captions.Tests.Layout;

public sealed class CueLayoutInvariantTests
{
    [Fact]
    public void AnyTranscript_UnderAnyProfile_GivesAValidTrack() =>
        Gen.Select(Gen.OneOf(AnyTranscript.WellFormed(80), AnyTranscript.Malformed(80)), AnyTranscript.Profile, Gen.Int[0, 60_000], Gen.Int[0, 9_999])
            .Sample((transcript, profile, extraMs, extraTicks) =>
            {
                var media = Ms(transcript.Words.Count + extraMs) + TimeSpan.FromTicks(extraTicks);
                var track = CueLayout.LayOut(transcript, profile, media);

                Assert.Equal(transcript.Words.Select(word => word.Text), track.Cues.SelectMany(WordsOf));
                var free = TimeSpan.Zero;
                foreach (var cue in track.Cues)
                {
                    Assert.True(cue.Start >= free, "sorted, not overlapping");
                    Assert.True(cue.End > cue.Start, "of some length");
                    Assert.True(cue.End - cue.Start <= profile.MaxDuration, "not too long on screen");
                    Assert.True(cue.End <= media, "inside the media");
                    Assert.Equal((0, 0), (cue.Start.Ticks % TimeSpan.TicksPerMillisecond, cue.End.Ticks % TimeSpan.TicksPerMillisecond));
                    Assert.InRange(cue.Lines.Count, 1, profile.Lines);
                    Assert.All(cue.Lines, line => Assert.True(profile.CountCharacters(line) <= profile.CharactersPerLine || !line.Contains(' ', StringComparison.Ordinal), "fits its line"));
                    free = cue.End;
                }
            });

    [Fact]
    public void WellFormedTranscript_UnderAnyProfile_IsTimedByItsSpeech() =>
        Gen.Select(AnyTranscript.WellFormed(80), AnyTranscript.Profile)
            .Sample((transcript, profile) =>
            {
                var track = CueLayout.LayOut(transcript, profile, TimeSpan.FromHours(1));
                var next = 0;
                for (var i = 0; i < track.Cues.Count; i++)
                {
                    var cue = track.Cues[i];
                    var first = transcript.Words[next];
                    next += WordsOf(cue).Count();
                    var speechEnd = transcript.Words[next - 1].End;
                    var following = i + 1 < track.Cues.Count ? track.Cues[i + 1].Start : TimeSpan.FromHours(1);

                    Assert.Equal(first.Start, cue.Start);
                    Assert.True(cue.End <= speechEnd + profile.Linger || following - speechEnd < profile.CloseGapsBelow, "lingers no longer than allowed, but to close a gap");
                    Assert.True(following - cue.End >= profile.Gap || following - cue.Start < profile.Gap * 2 || i + 1 == track.Cues.Count, "keeps the gap");
                    Assert.True(
                        cue.End - cue.Start >= profile.MinDuration || cue.End >= speechEnd + profile.Linger || following - cue.End <= profile.Gap,
                        "is too short only where nothing more could be had");
                }
            });

    [Fact]
    public void SameTranscript_LaidOutTwice_GivesTheSameTrack() =>
        Gen.Select(AnyTranscript.Malformed(60), AnyTranscript.Profile)
            .Sample((transcript, profile) =>
            {
                var media = TimeSpan.FromHours(1);
                Assert.Equal(Written(CueLayout.LayOut(transcript, profile, media)), Written(CueLayout.LayOut(transcript, profile, media)));
            });

    private static IEnumerable<string> WordsOf(Cue cue) => cue.Lines.SelectMany(line => line.Split(' '));

    private static string Written(CaptionTrack track)
    {
        using var writer = new StringWriter();
        SubRip.Write(track, writer);
        return writer.ToString();
    }
}
