using CsCheck;

namespace AX2Caption.Captions.Tests.Layout;

public sealed class CueSearchTests
{
    [Fact]
    public void Search_OnSmallTranscripts_FindsWhatTryingEveryPartitionFinds() =>
        Gen.Select(AnyTranscript.WellFormed(11), AnyTranscript.Profile)
            .Where((transcript, _) => transcript.Words.Count > 0)
            .Sample((transcript, profile) =>
            {
                var search = SearchOf(transcript, profile);
                var starts = search.CheapestStarts();
                var found = starts.Zip(starts.Skip(1).Append(transcript.Words.Count), search.Cost).Sum();
                Assert.Equal(CheapestPartition(search, transcript.Words.Count), found, 1e-6);
            });

    [Fact]
    public void Lines_OnSmallTexts_AreWhatTryingEveryBreakFinds() =>
        Gen.Select(AnyTranscript.WellFormed(9), AnyTranscript.Profile)
            .Where((transcript, _) => transcript.Words.Count > 0)
            .Sample((transcript, profile) =>
            {
                var texts = transcript.Words.Select(word => word.Text).ToArray();
                var measure = new TextMeasure(texts, profile);
                var breaks = texts.Select((_, i) => i * 7.0 % 5).Append(0).ToArray();
                var layout = new LineLayout(measure, breaks, profile.Lines);

                var cheapest = Enumerable.Range(1, profile.Lines)
                    .Select(lines => Breakings(texts.Length, lines).Select(starts => PriceOf(starts, texts.Length, measure, breaks)).DefaultIfEmpty(double.PositiveInfinity).Min())
                    .FirstOrDefault(double.IsFinite, double.PositiveInfinity);

                var cost = layout.Cost(0, texts.Length);
                Assert.Equal(cheapest, cost, 1e-6);
                if (double.IsFinite(cost))
                {
                    Assert.Equal(cost, PriceOf([.. layout.Lines(0, texts.Length)], texts.Length, measure, breaks), 1e-6);
                }
            });

    [Theory]
    [InlineData(250, 150, "reading in a hurry costs")]
    [InlineData(150, 100, "more hurry costs more")]
    public void Cost_OfTheSameWordsSpokenFaster_IsHigher(int wordMs, int fasterWordMs, string because) =>
        Assert.True(CostOf(fasterWordMs, LayoutProfiles.NetflixEnglish) > CostOf(wordMs, LayoutProfiles.NetflixEnglish), because);

    [Fact]
    public void Cost_OfACueShorterThanTheMinimum_IsHigher() =>
        Assert.True(CostOf(200, LayoutProfiles.NetflixEnglish with { MinDuration = TimeSpan.FromSeconds(6) }) > CostOf(200, LayoutProfiles.NetflixEnglish));

    [Fact]
    public void Lines_WhenAnUnevenBreakIsSlightlyCheaper_StayEven()
    {
        string[] texts = ["seven", "seven", "seven", "seven", "seven", "seven", "seven", "seven"];
        var layout = new LineLayout(new TextMeasure(texts, LayoutProfiles.NetflixEnglish), [0, 1, 0, 1, 1, 1, 1, 1, 0], maxLines: 2);
        Assert.Equal([0, 4], layout.Lines(0, 8));
    }

    [Fact]
    public void Lines_OfTextThatDoesNotFit_AreRefused()
    {
        var texts = Enumerable.Repeat("seven", 20).ToArray();
        var layout = new LineLayout(new TextMeasure(texts, LayoutProfiles.NetflixEnglish), new double[21], maxLines: 2);
        Assert.Throws<ArgumentException>(() => layout.Lines(0, 20));
    }

    [Fact]
    public void Search_OnThreeHoursOfSpeech_PricesAFewDozenCuesAWord()
    {
        var few = PricedFor(words: 3_000);
        var many = PricedFor(words: 30_000);
        Assert.InRange(many, 30_000, 30_000 * 44);
        Assert.InRange((double)many / few, 9.9, 10.1);
    }

    [Fact]
    public void Search_OnTheShortestWords_IsBoundedByTheCuesRoom()
    {
        var words = Enumerable.Range(0, 5_000).Select(i => new Word("a", Speech.Ms(i), Speech.Ms(i + 1), 1)).ToArray();
        var search = SearchOf(new Transcript("en", words), LayoutProfiles.NetflixEnglish);
        _ = search.CheapestStarts();

        // Two lines of 42 hold 21 one-letter words each.
        Assert.InRange(search.Priced, 5_000 * 40, 5_000 * 43);
    }

    private static double CostOf(int wordMs, LayoutProfile profile) =>
        SearchOf(Speech.Of("seven ducks swam past seven sleeping boats", wordMs), profile).Cost(0, 7);

    private static long PricedFor(int words)
    {
        string[] texts = ["the", "old", "man", "and", "his", "boat", "sailed", "across", "a", "quiet", "harbour"];
        var transcript = new Transcript("en", [.. Enumerable.Range(0, words).Select(i => new Word(texts[i % texts.Length], Speech.Ms(i * 360), Speech.Ms((i * 360) + 340), 1))]);
        var search = SearchOf(transcript, LayoutProfiles.NetflixEnglish);
        _ = search.CheapestStarts();
        return search.Priced;
    }

    private static CueSearch SearchOf(Transcript transcript, LayoutProfile profile) =>
        new(new WordTimeline(transcript.Words, TimeSpan.FromHours(4)), profile, Phrasing.For(transcript.Language));

    private static double CheapestPartition(CueSearch search, int words)
    {
        var cheapest = double.PositiveInfinity;
        for (var cuts = 0; cuts < 1 << (words - 1); cuts++)
        {
            var (cost, first) = (0d, 0);
            for (var next = 1; next <= words; next++)
            {
                if (next == words || (cuts >> (next - 1) & 1) == 1)
                {
                    cost += search.Cost(first, next);
                    first = next;
                }
            }

            cheapest = Math.Min(cheapest, cost);
        }

        return cheapest;
    }

    private static IEnumerable<int[]> Breakings(int words, int lines) =>
        from cuts in Enumerable.Range(0, 1 << (words - 1))
        where int.PopCount(cuts) == lines - 1
        select (int[])[0, .. Enumerable.Range(1, words - 1).Where(i => (cuts >> (i - 1) & 1) == 1)];

    private static double PriceOf(int[] starts, int words, TextMeasure measure, double[] breaks)
    {
        var lengths = starts.Zip(starts.Skip(1).Append(words), measure.Length).ToArray();
        if (!starts.Zip(starts.Skip(1).Append(words), measure.FitsOneLine).All(fits => fits))
        {
            return double.PositiveInfinity;
        }

        var mean = measure.Length(0, words) / starts.Length;
        var imbalance = lengths.Sum(length => Math.Pow(measure.ShareOfLine(length - mean), 2));
        var upperLonger = lengths.Zip(lengths.Skip(1)).Sum(pair => Math.Max(0, measure.ShareOfLine(pair.First - pair.Second)));
        return (LayoutWeights.Imbalance * imbalance) + (LayoutWeights.UpperLonger * upperLonger) + (LayoutWeights.LineBreakShare * starts.Skip(1).Sum(start => breaks[start]));
    }
}
