using AX2Caption.Captions;
using AX2Caption.Grains.Transcription;
using AX2Caption.Testing;

namespace AX2Caption.Grains.Tests.Transcription;

public sealed class PocketSphinxTranscriberTests(SpeechFixture speech) : IClassFixture<SpeechFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Transcribe_TheSample_IsUnderstoodAndInTime()
    {
        var audio = speech.All;

        var (words, language) = await speech.Engine.Transcribe(audio, "en", Token);

        Assert.Equal("en", language);

        var rate = WordErrorRate.Of(string.Join(' ', words.Select(word => word.Text)), SampleSpeech.Reference());
        TestContext.Current.SendDiagnosticMessage("Word error rate {0:0.000}", rate);
        Assert.InRange(rate, 0, 0.40);
        AssertInOrderAndInside(words, audio.Duration);
        // "himself" ends the sample. Pauses left off the clock would put it seconds too early.
        var himself = words.Last(word => word.Text == "himself");
        Assert.InRange(himself.End, audio.Duration - TimeSpan.FromSeconds(1.5), audio.Duration - SampleSpeech.Pause + TimeSpan.FromSeconds(0.1));
    }

    [Fact]
    public async Task Transcribe_TheSameChunks_GiveTheSameWordsInAnyOrderOnAnyDecoder()
    {
        var forwards = new List<IReadOnlyList<Word>>();
        foreach (var sentence in speech.Sentences)
            forwards.Add((await speech.Engine.Transcribe(sentence, "en", Token)).Words);

        var again = await Task.WhenAll(speech.Sentences.Reverse().Select(sentence => speech.Engine.Transcribe(sentence, "en", Token)));

        Assert.Equal(forwards, again.Reverse().Select(heard => heard.Words));
    }

    [Fact]
    public async Task Transcribe_ManyCallersAtOnce_AreAllServed()
    {
        var callers = Enumerable.Range(0, 6).Select(i => speech.Engine.Transcribe(speech.Sentences[i % 2 == 0 ? 1 : 4], "en", Token));

        var results = await Task.WhenAll(callers);

        Assert.Equal(2, results.Select(heard => string.Join(' ', heard.Words.Select(word => word.Text))).Distinct().Count());
        Assert.All(results, heard => Assert.NotEmpty(heard.Words));
    }

    [Fact]
    public async Task Transcribe_Canceled_EndsAndFreesItsDecoder()
    {
        using var engine = SpeechFixture.NewEngine(new PocketSphinxOptions { Decoders = 1 });
        await engine.CheckHealth(Token);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        // Ten minutes of speech: more than any test waits for, if cancellation did not reach the search.
        var endless = new PcmAudio(Enumerable.Repeat(speech.All.Samples.ToArray(), 20).SelectMany(samples => samples).ToArray());
        var running = engine.Transcribe(endless, "en", cancel.Token);
        var waiting = engine.Transcribe(speech.Sentences[1], "en", cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.NotEmpty((await engine.Transcribe(speech.Sentences[1], "en", Token).WaitAsync(TimeSpan.FromSeconds(60), Token)).Words);
    }

    [Fact]
    public async Task Dispose_WhileRecognising_EndsTheRecognition()
    {
        var engine = SpeechFixture.NewEngine(new PocketSphinxOptions { Decoders = 1 });
        await engine.CheckHealth(Token);
        var running = engine.Transcribe(speech.All, "en", Token);
        var waiting = engine.Transcribe(speech.All, "en", Token);

        engine.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Transcribe_Silence_HasNoWords() =>
        Assert.Empty((await speech.Engine.Transcribe(new PcmAudio(new short[PcmAudio.SampleRate * 3]), "en", Token)).Words);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(400)]
    public async Task Transcribe_HardlyAnyAudio_HasNoWords(int samples) =>
        Assert.Empty((await speech.Engine.Transcribe(new PcmAudio(new short[samples]), "en", Token)).Words);

    [Fact]
    public async Task Transcribe_AWordAtTheEdge_StaysInside()
    {
        // Cut in the middle of speech.
        var cut = new PcmAudio(speech.Sentences[0].Samples[..(PcmAudio.SampleRate * 2)]);

        AssertInOrderAndInside((await speech.Engine.Transcribe(cut, "en", Token)).Words, cut.Duration);
    }

    [Fact]
    public async Task Transcribe_ALanguageOfTheRegion_IsServed() =>
        Assert.NotEmpty((await speech.Engine.Transcribe(speech.Sentences[1], "en-GB", Token)).Words);

    [Fact]
    public async Task Transcribe_AnotherLanguage_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => speech.Engine.Transcribe(speech.Sentences[1], "ko", Token));

    [Fact]
    public async Task CheckHealth_ModelMissing_SaysWhatToInstall()
    {
        using var engine = SpeechFixture.NewEngine(new PocketSphinxOptions { ModelPath = "/nowhere" });

        var failure = await Assert.ThrowsAsync<FileNotFoundException>(() => engine.CheckHealth(Token));

        Assert.Contains("Install the package 'pocketsphinx-en-us'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Transcribe_ModelMissing_FailsForTheCallerAndForTheNext()
    {
        using var engine = SpeechFixture.NewEngine(new PocketSphinxOptions { ModelPath = "/nowhere", Decoders = 1 });

        await Assert.ThrowsAsync<FileNotFoundException>(() => engine.Transcribe(speech.Sentences[1], "en", Token));
        await Assert.ThrowsAsync<FileNotFoundException>(() => engine.Transcribe(speech.Sentences[1], "en", Token));
    }

    [Fact]
    public async Task Transcribe_SpeechCutInTheMiddleOfWords_CostsLittleAndLessThanWithoutOverlap()
    {
        var audio = speech.All;
        var uncut = (await speech.Engine.Transcribe(audio, "en", Token)).Words;
        // About every four seconds, in the middle of whatever word is spoken then.
        var cuts = Enumerable.Range(1, (int)(audio.Duration.TotalSeconds / 4) - 1)
            .Select(i => uncut.Where(word => word.End - word.Start >= TimeSpan.FromSeconds(0.25)).Select(word => (word.Start + word.End) / 2)
                .MinBy(middle => (middle - TimeSpan.FromSeconds(4 * i)).Duration())).ToList();
        List<Chunk> chunks =
        [
            .. ((TimeSpan[])[TimeSpan.Zero, .. cuts]).Zip((TimeSpan[])[.. cuts, audio.Duration])
                .Select((span, i) => new Chunk(i, span.First, span.Second, HasSpeech: true, CutsSpeech: i < cuts.Count)),
        ];

        var whole = Rate(uncut);
        var overlapping = Rate(ChunkJoin.Join(await Heard(new ChunkOptions { Target = TimeSpan.FromSeconds(6) })));
        var bluntly = Rate(ChunkJoin.Join(await Heard(new ChunkOptions { Overlap = TimeSpan.Zero })));

        TestContext.Current.SendDiagnosticMessage("Word error rate {0:0.000} whole, {1:0.000} cut with overlap, {2:0.000} cut without", whole, overlapping, bluntly);
        // Five of the 71 words: chunks of seven seconds also know less of what came before.
        Assert.InRange(overlapping, 0, whole + 0.07);
        Assert.True(overlapping < bluntly);

        async Task<ChunkWords[]> Heard(ChunkOptions options) => await Task.WhenAll(ChunkPlanner.Overlap(chunks, options).Select(async chunk =>
        {
            var words = (await speech.Engine.Transcribe(new PcmAudio(audio.Samples[At(chunk.Start)..At(chunk.End)]), "en", Token)).Words;
            return new ChunkWords(
                chunk.Start, chunk.End, [.. words.Select(word => word with { Start = word.Start + chunk.Start, End = word.End + chunk.Start })]);
        }));

        static double Rate(IEnumerable<Word> words) => WordErrorRate.Of(string.Join(' ', words.Select(word => word.Text)), SampleSpeech.Reference());

        static int At(TimeSpan time) => (int)(PcmAudio.BytesOf(time) / PcmAudio.BytesPerSample);
    }

    private static void AssertInOrderAndInside(IReadOnlyList<Word> words, TimeSpan duration)
    {
        var end = TimeSpan.Zero;
        foreach (var word in words)
        {
            Assert.True(word.Start >= end && word.End > word.Start, $"{word} comes before the word in front of it ends.");
            Assert.InRange(word.Confidence, 0, 1);
            Assert.DoesNotMatch(@"[<>\[\]()+]|^\s*$", word.Text);
            end = word.End;
        }

        Assert.True(end <= duration);
    }
}
