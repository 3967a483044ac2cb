using AX2Caption.Captions;
using AX2Caption.Grains.Transcription;
using CsCheck;

namespace AX2Caption.Grains.Tests.Transcription;

public sealed class ChunkJoinTests
{
    private static readonly TimeSpan Overlap = Ms(1500);

    // Words of a tenth of a second to a second and a half with pauses between them; few texts, so that they repeat.
    private static readonly Gen<List<Word>> Speech =
        from words in Gen.Select(Gen.Int[100, 1500], Gen.Int[0, 800], Gen.Int[0, 5]).Array[0, 120]
        select Timeline(words.Select(word => (word.Item1, word.Item2, $"w{word.Item3}")));

    // Cuts a few seconds apart, each of them hard or in silence.
    private static readonly Gen<(int Seconds, bool Hard)[]> Cuts = Gen.Select(Gen.Int[6, 20], Gen.Bool).Array[0, 12];

    [Fact]
    public void Join_SpeechHeardTheSameTwice_IsTheSpeech() => Gen.Select(Speech, Cuts).Sample((speech, cuts) =>
    {
        var chunks = Spans(cuts).Select(span => Heard(speech, span.Start, span.End)).ToList();
        // A word that a cut without overlap goes through, nobody hears.
        var audible = speech.Where(word => chunks.Any(chunk => chunk.Words.Contains(word))).ToList();

        Assert.Equal(audible, ChunkJoin.Join(chunks));
    });

    [Fact]
    public void Join_ChunksThatHeardDifferently_KeepsAllOutsideOfOverlapsAndTheOrder() =>
        Gen.Select(Speech, Speech, Cuts).Sample((odd, even, cuts) =>
        {
            var spans = Spans(cuts).ToList();
            var chunks = spans.Select((span, i) => Heard(i % 2 == 0 ? odd : even, span.Start, span.End)).ToList();

            var joined = ChunkJoin.Join(chunks);

            var end = TimeSpan.Zero;
            foreach (var word in joined)
            {
                Assert.True(word.Start >= end && word.End > word.Start, $"{word} comes before the one in front of it ends.");
                end = word.End;
            }

            for (var i = 0; i < chunks.Count; i++)
            {
                var from = i > 0 ? Max(chunks[i - 1].End, chunks[i].Start) : TimeSpan.Zero;
                var to = i + 1 < chunks.Count ? Min(chunks[i + 1].Start, chunks[i].End) : chunks[i].End;
                var alone = chunks[i].Words.Where(word => word.Start >= from && word.End <= to).Select(word => word.Text).ToList();
                AssertSubsequence(alone, joined.Select(word => word.Text));
            }
        });

    [Fact]
    public void Join_TheJoinedAgain_ChangesNothing() => Gen.Select(Speech, Speech, Cuts).Sample((odd, even, cuts) =>
    {
        var spans = Spans(cuts).ToList();
        var joined = ChunkJoin.Join([.. spans.Select((span, i) => Heard(i % 2 == 0 ? odd : even, span.Start, span.End))]);

        Assert.Equal(joined, ChunkJoin.Join([new ChunkWords(TimeSpan.Zero, spans[^1].End, joined)]));
    });

    [Fact]
    public void Join_AWordThatBothHeard_IsWhereTheyChangeOver()
    {
        var joined = ChunkJoin.Join(
        [
            new(Ms(0), Ms(11_500), [Word("he", 8_000), Word("was", 9_800), Word("Not,", 10_200), Word("and", 11_100)]),
            new(Ms(8_500), Ms(20_000), [Word("us", 9_600), Word("not", 10_230), Word("an", 10_800), Word("ill", 12_000)]),
        ]);

        Assert.Equal("he was Not, an ill", string.Join(' ', joined.Select(word => word.Text)));
    }

    [Fact]
    public void Join_NothingHeardAlike_ChangesOverInTheMiddle()
    {
        var joined = ChunkJoin.Join(
        [
            new(Ms(0), Ms(11_500), [Word("he", 8_000), Word("was", 9_200), Word("knotted", 10_200)]),
            new(Ms(8_500), Ms(20_000), [Word("us", 9_000), Word("not", 10_300), Word("ill", 12_000)]),
        ]);

        Assert.Equal("he was not ill", string.Join(' ', joined.Select(word => word.Text)));
    }

    [Fact]
    public void Join_TheSameWordTwiceInARow_KeepsBoth()
    {
        List<Word> speech = [Word("very", 9_700), Word("very", 10_050), Word("good", 12_000)];

        Assert.Equal(speech, ChunkJoin.Join([Heard(speech, Ms(0), Ms(11_500)), Heard(speech, Ms(8_500), Ms(20_000))]));
    }

    [Fact]
    public void Join_WithoutOverlap_IsOneAfterTheOther()
    {
        List<Word> first = [Word("a", 100)], second = [Word("a", 10_100)];

        Assert.Equal([.. first, .. second], ChunkJoin.Join([new(Ms(0), Ms(10_000), first), new(Ms(10_000), Ms(20_000), second)]));
    }

    private static ChunkWords Heard(List<Word> speech, TimeSpan start, TimeSpan end) =>
        new(start, end, [.. speech.Where(word => word.Start >= start && word.End <= end)]);

    private static IEnumerable<(TimeSpan Start, TimeSpan End)> Spans((int Seconds, bool Hard)[] cuts)
    {
        var (start, hardBefore) = (TimeSpan.Zero, false);
        foreach (var (seconds, hard) in cuts)
        {
            var end = start + TimeSpan.FromSeconds(seconds);
            yield return (hardBefore ? start - Overlap : start, hard ? end + Overlap : end);
            (start, hardBefore) = (end, hard);
        }

        yield return (hardBefore ? start - Overlap : start, start + TimeSpan.FromMinutes(10));
    }

    private static List<Word> Timeline(IEnumerable<(int Length, int Pause, string Text)> words)
    {
        var timeline = new List<Word>();
        var at = TimeSpan.Zero;
        foreach (var (length, pause, text) in words)
        {
            timeline.Add(new Word(text, at, at + Ms(length), 1));
            at += Ms(length + pause);
        }

        return timeline;
    }

    private static void AssertSubsequence(List<string> expected, IEnumerable<string> actual)
    {
        var next = 0;
        foreach (var text in actual)
            if (next < expected.Count && expected[next] == text)
                next++;
        Assert.Equal(expected.Count, next);
    }

    private static Word Word(string text, int startMs) => new(text, Ms(startMs), Ms(startMs + 300), 1);

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
