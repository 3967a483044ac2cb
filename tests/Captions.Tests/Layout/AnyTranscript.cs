using CsCheck;
using static AX2Caption.Captions.Tests.Speech;

namespace AX2Caption.Captions.Tests.Layout;

internal static class AnyTranscript
{
    private static readonly Gen<string> English = Gen.OneOf(
        "a", "I", "the", "and", "of", "because", "walked", "yesterday", "Jane", "Austen", "25", "miles", "home.", "well,", "why?", "Mr.", "extraordinarily");

    private static readonly Gen<string> Korean = Gen.OneOf(
        "나는", "그", "사람이", "할", "수", "있다.", "그리고", "학교에서", "3", "킬로미터", "AX2를", "안녕하세요,", "하지만");

    private static readonly Gen<string> Giant = Gen.Int[30, 200].Select(length => new string('x', length));

    private static readonly Gen<(string Language, Gen<string> Text)> Language = Gen.OneOf(("en", English), ("ko", Korean), ("fr", English));

    /// <summary>Words that keep the contract: in order, each of some length, none overlapping, on whole milliseconds.</summary>
    public static Gen<Transcript> WellFormed(int maxWords) => Of(maxWords, length: Gen.Frequency((9, Gen.Int[80, 900]), (1, Gen.Int[1, 9000])), pause: Gen.Frequency((6, Gen.Const(0)), (3, Gen.Int[1, 900]), (1, Gen.Int[900, 9000])));

    /// <summary>Words that break it: of no or negative length, overlapping, between milliseconds, before the media.</summary>
    public static Gen<Transcript> Malformed(int maxWords) =>
        Of(maxWords, Gen.Int[-500, 900], Gen.Int[-1500, 1500])
            .Select(Gen.Int[-9999, 9999], (transcript, ticks) => transcript with
            {
                Words = [.. transcript.Words.Select(word => word with { Start = word.Start.Add(TimeSpan.FromTicks(ticks)) })],
            });

    public static Gen<LayoutProfile> Profile { get; } = Gen.OneOf([.. LayoutProfiles.All, LayoutProfiles.Bbc with { CharactersPerLine = 20, Lines = 3 }, LayoutProfiles.Shorts with { CharactersPerLine = 1, Lines = 1 }]);

    private static Gen<Transcript> Of(int maxWords, Gen<int> length, Gen<int> pause) =>
        from language in Language
        from words in Gen.Select(Gen.Frequency((30, language.Text), (1, Giant)), length, pause).Array[0, maxWords]
        select new Transcript(language.Language, [.. Timed(words)]);

    private static IEnumerable<Word> Timed((string Text, int Length, int Pause)[] words)
    {
        var now = 0;
        foreach (var (text, length, pause) in words)
        {
            now += pause;
            yield return new Word(text, Ms(now), Ms(now + length), 0.5);
            now += length;
        }
    }
}
