using System.Text;
using AX2Caption.Captions;
using AX2Caption.Grains.Transcription.OpenAi;

namespace AX2Caption.Grains.Tests.Transcription.OpenAi;

public sealed class VerboseTranscriptionTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    [Fact]
    public void Words_BesideSegments_HaveTheirTimesAndTheSegmentsConfidenceAndPunctuation()
    {
        var words = Words("""
            {"task":"transcribe","language":"korean","duration":10.0,"text":"안녕하세요, 여러분.",
             "words":[{"word":"안녕하세요","start":0.5,"end":1.25},{"word":"여러분","start":1.5,"end":2.0}],
             "segments":[{"id":0,"seek":0,"start":0.0,"end":3.0,"text":" 안녕하세요, 여러분.","tokens":[1],"temperature":0,"avg_logprob":-0.6931471805599453,"compression_ratio":1,"no_speech_prob":0.1}]}
            """, "ko");

        Assert.Equal([new Word("안녕하세요,", Seconds(0.5), Seconds(1.25), 0.5), new Word("여러분.", Seconds(1.5), Seconds(2), 0.5)], words);
    }

    [Fact]
    public void Segments_WithoutSpacesBetweenThem_GiveTheirPunctuationAllTheSame()
    {
        var words = Words("""
            {"text":"네. 좋아요.","words":[{"word":"네","start":0,"end":1},{"word":"좋아요","start":1,"end":2}],
             "segments":[{"start":0,"end":1,"text":"네."},{"start":1,"end":2,"text":"좋아요."}]}
            """, "ko");

        Assert.Equal(["네.", "좋아요."], words.Select(word => word.Text));
    }

    [Fact]
    public void Words_InsideSegmentsWithProbabilities_AreTaken()
    {
        var words = Words("""
            {"text":"a b","segments":[{"start":0,"end":2,"text":" a b","words":[{"word":" a","start":0,"end":1,"probability":0.9},{"word":" b","start":1,"end":2,"probability":1.5}]}]}
            """);

        Assert.Equal([new Word("a", Seconds(0), Seconds(1), 0.9), new Word("b", Seconds(1), Seconds(2), 1)], words);
    }

    [Fact]
    public void SegmentsOnly_AreSpreadByTheLengthOfTheirWords()
    {
        var words = Words("""{"text":"","words":[],"segments":[{"start":1.0,"end":4.0,"text":" 나는 집에서 a","avg_logprob":0}]}""", "ko");

        Assert.Equal(
            [new Word("나는", Seconds(1), Seconds(2), 1), new Word("집에서", Seconds(2), Seconds(3.5), 1), new Word("a", Seconds(3.5), Seconds(4), 1)], words);
    }

    [Theory]
    [InlineData("ja", "今日は、晴れ。", "今|日|は、|晴|れ。")]
    [InlineData("zh-TW", "你好 嗎", "你|好|嗎")]
    [InlineData("ko", "안녕 하세요", "안녕|하세요")]
    public void SegmentsOnly_ByLanguage_ArePartedAtSpacesOrCharacters(string language, string text, string expected)
    {
        var words = Words($$"""{"segments":[{"start":0,"end":5,"text":"{{text}}"}]}""", language);

        Assert.Equal(expected.Split('|'), words.Select(word => word.Text));
    }

    [Fact]
    public void Segments_OverSilence_AreDroppedWithTheirWords()
    {
        const string Answer = """
            {"text":"thanks for watching hello","words":[{"word":"thanks","start":0.1,"end":0.9},{"word":"hello","start":3.0,"end":3.5}],
             "segments":[{"start":0,"end":2,"text":"thanks for watching","no_speech_prob":0.81},{"start":2.5,"end":4,"text":"hello","no_speech_prob":0.8}]}
            """;

        Assert.Equal(["hello"], Words(Answer).Select(word => word.Text));
        Assert.Equal(["thanks", "hello"], Words(Answer, threshold: 1).Select(word => word.Text));
        Assert.Equal(["hello"], Words(Answer.Replace("words", "others", StringComparison.Ordinal)).Select(word => word.Text));
    }

    [Fact]
    public void Words_OutOfOrderAndOutOfBounds_AreInOrderAndWithin()
    {
        var words = Words("""
            {"text":"x","duration":900,"words":[{"word":"c","start":30,"end":40},{"word":"a","start":-1,"end":0.5},{"word":"b","start":0.2,"end":0.1},{"word":" ","start":1,"end":2},null]}
            """);

        Assert.Equal(["a", "b", "c"], words.Select(word => word.Text));
        Assert.All(words.Zip(words.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start));
        Assert.All(words, word => Assert.True(word.Start >= TimeSpan.Zero && word.Start < word.End && word.End <= Duration));
    }

    [Theory]
    [InlineData("""{"text":"","words":[],"segments":[]}""", true)]
    [InlineData("""{"text":" ","segments":null}""", true)]
    [InlineData("""{"text":"hello"}""", false)]
    [InlineData("""{"text":"hello","words":[{"word":"hello","start":0,"end":1}]}""", true)]
    public void HasTimes_TextAlone_HasNone(string json, bool expected) => Assert.Equal(expected, Parse(json).HasTimes);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"text":7}""")]
    [InlineData("""{"words":[{"word":"a","start":"now","end":1}]}""")]
    [InlineData("""{"text":"a","words":[{"word":"a","start":0""")]
    [InlineData("<html>Bad gateway</html>")]
    public void Parse_AnythingElse_IsNoTranscription(string json) => Assert.Throws<InvalidDataException>(() => Parse(json));

    [Fact]
    public void Words_MoreThanTheAudioHasRoomFor_AreNonsense()
    {
        var many = string.Join(',', Enumerable.Repeat("""{"word":"la","start":0,"end":0}""", 1001));

        Assert.Throws<InvalidDataException>(() => Words($$"""{"text":"la","words":[{{many}}]}"""));
    }

    [Fact]
    public void Segments_OneOverTheOther_GiveAWordTheConfidenceOfOneThatIsSpokenThen()
    {
        const string Answer = """
            {"words":[{"word":"a","start":0.4,"end":0.6},{"word":"b","start":4,"end":5},{"word":"c","start":8.5,"end":8.5},{"word":"d","start":9.5,"end":9.7}],
             "segments":[{"start":4,"end":4.2,"text":"","avg_logprob":-3},{"start":3,"end":6,"text":"","avg_logprob":-0.6931471805599453},
                         {"start":0,"end":1,"text":"","avg_logprob":0},{"start":9,"end":9.9,"text":"","no_speech_prob":1},{"start":0,"end":8,"text":"","no_speech_prob":1}]}
            """;

        Assert.Equal([("a", 1.0), ("b", 0.5), ("c", 1.0)], Words(Answer).Select(word => (word.Text, Math.Round(word.Confidence, 9))));
    }

    public static TheoryData<string> Floods => ["segments", "a word without an end", "punctuation without an end"];

    /// <summary>Work that grew with the square of such an answer would take hours.</summary>
    [Theory]
    [MemberData(nameof(Floods))]
    public async Task Answer_OfAServerThatFloods_IsSoonUnderstoodOrRefused(string flood)
    {
        const int Many = 500_000;
        VerboseTranscription.TimedWord?[] words = [.. Enumerable.Range(0, Many).Select(i => new VerboseTranscription.TimedWord("la", i / 100.0, i / 100.0, null))];
        var answer = flood switch
        {
            "segments" => new VerboseTranscription(
                null, null, words,
                [.. Enumerable.Range(0, Many).Select(i => new VerboseTranscription.Segment(80_000 + i, 80_000 + i, "", null, i % 2, null))]),
            "a word without an end" => new VerboseTranscription(
                null, null, words, [new VerboseTranscription.Segment(0, 1, new string('a', 8 << 20), null, null, null)]),
            _ => new VerboseTranscription(
                null, null, null, [new VerboseTranscription.Segment(0, 1, $"字{new string('.', 8 << 20)}字", null, null, null)]),
        };

        var understood = await Task.Run(() => answer.WordsWithin(TimeSpan.FromHours(2), "zh", noSpeechThreshold: 0.5), TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);

        Assert.Equal(answer.Words is null ? 2 : Many, understood.Count);
    }

    private static VerboseTranscription Parse(string json) => VerboseTranscription.Parse(Encoding.UTF8.GetBytes(json));

    private static IReadOnlyList<Word> Words(string json, string language = "en", double threshold = 0.8) =>
        Parse(json).WordsWithin(Duration, language, threshold);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
