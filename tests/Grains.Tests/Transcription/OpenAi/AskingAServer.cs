using System.Net;
using AX2Caption.Grains.Tests.Media;
using AX2Caption.Grains.Transcription;
using AX2Caption.Testing;
using AX2Caption.Testing.Speech;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AX2Caption.Grains.Tests.Transcription.OpenAi;

/// <summary>The engine against a server that is strict about the protocol, and has faults as a test wants them.</summary>
public sealed class AskingAServer : IAsyncLifetime
{
    private static readonly PcmAudio Sentence = PcmAudio.FromBytes(File.ReadAllBytes(SampleSpeech.Sentences[0].WavPath).AsSpan(44));

    private readonly LogLines logs = new();
    private SpeechServer server = null!;
    private readonly List<ServiceProvider> services = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await SpeechServer.Start(Token);

    public async ValueTask DisposeAsync()
    {
        Assert.DoesNotContain(server.Key, logs.Text, StringComparison.Ordinal);
        foreach (var provider in services)
            await provider.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_chunk_goes_as_documented_and_its_words_come_back()
    {
        server.Script(new SpeechAnswer.Heard("korean", [new(0, 2, "안녕, 여러분.", [new("안녕", 0, 1), new("여러분", 1, 2)])]));

        var heard = await Engine().Transcribe(Sentence, "ko-KR", Token);

        Assert.Equal(["안녕,", "여러분."], heard.Words.Select(word => word.Text));
        Assert.All(heard.Words, word => Assert.Equal(Math.Exp(-0.2), word.Confidence, precision: 9));
        Assert.Equal("ko-KR", heard.Language);
        var request = Assert.Single(server.Requests);
        Assert.Equal(("speech.flac", "ko", "verbose_json"), (request.FileName, request.Language, request.Format));
        Assert.Equal(["word", "segment"], request.Granularities);
        Assert.Equal(Sentence.Duration.TotalSeconds, request.Seconds, precision: 4);
    }

    [Fact]
    public async Task A_server_with_a_real_engine_hears_every_word_of_it()
    {
        using var real = SpeechFixture.NewEngine(new PocketSphinxOptions { Decoders = 1 });
        using var folder = new TempFolder();
        server.Hears = async request =>
        {
            await File.WriteAllBytesAsync(folder.File(request.FileName), request.File, Token);
            await SampleSpeech.Ffmpeg(["-i", folder.File(request.FileName), "-f", "s16le", "-ar", "16000", "-ac", "1", folder.File("decoded")], Token);
            var audio = PcmAudio.FromBytes(await File.ReadAllBytesAsync(folder.File("decoded"), Token));
            var words = (await real.Transcribe(audio, "en", Token)).Words;
            return new SpeechAnswer.Heard("english",
            [
                new(0, request.Seconds, string.Join(' ', words.Select(word => word.Text)),
                    [.. words.Select(word => new SpokenWord(word.Text, word.Start.TotalSeconds, word.End.TotalSeconds))]),
            ]);
        };

        var heard = (await Engine().Transcribe(Sentence, "en", Token)).Words;

        var expected = (await real.Transcribe(Sentence, "en", Token)).Words;
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Select(word => (word.Text, word.Start, word.End)), heard.Select(word => (word.Text, word.Start, word.End)));
    }

    [Fact]
    public async Task Auto_names_no_language_and_carries_the_one_found()
    {
        server.Script(new SpeechAnswer.Heard("korean", [new(0, 2, "안녕", [new("안녕", 0, 1)])]));

        Assert.Equal("ko", (await Engine().Transcribe(Sentence, "auto", Token)).Language);

        Assert.Null(Assert.Single(server.Requests).Language);
    }

    [Fact]
    public async Task A_server_without_words_has_its_segments_spread()
    {
        server.Script(new SpeechAnswer.Heard("english", [new(0, 2, " he was not", []), new(2, 3, " an ill", [])], SegmentsOnly: true));

        var heard = await Engine().Transcribe(Sentence, "en", Token);

        Assert.Equal(["he", "was", "not", "an", "ill"], heard.Words.Select(word => word.Text));
        Assert.Equal(TimeSpan.FromSeconds(2), heard.Words[3].Start);
    }

    [Fact]
    public async Task Opus_goes_as_Ogg_and_the_protocol_still_holds()
    {
        Assert.NotEmpty((await Engine(("Encoding", "Opus")).Transcribe(Sentence, "en", Token)).Words);

        var request = Assert.Single(server.Requests);
        Assert.Equal("speech.ogg", request.FileName);
        Assert.InRange(request.Seconds, Sentence.Duration.TotalSeconds - 0.1, Sentence.Duration.TotalSeconds + 0.1);
    }

    public static TheoryData<string, SpeechAnswer> PassingFaults => new()
    {
        { "500", SpeechAnswer.Error(HttpStatusCode.InternalServerError, "The server had an error.", null) },
        { "503", SpeechAnswer.Error(HttpStatusCode.ServiceUnavailable, "Overloaded.", null) },
        { "429", SpeechAnswer.Error(HttpStatusCode.TooManyRequests, "Rate limit reached.", "rate_limit_exceeded", "0") },
        { "cut", SpeechAnswer.CutOff },
        { "stall", SpeechAnswer.Stalled },
    };

    [Theory]
    [MemberData(nameof(PassingFaults), DisableDiscoveryEnumeration = true)]
    public async Task A_fault_that_passes_is_met_by_asking_again(string fault, SpeechAnswer answer)
    {
        server.Script(answer, answer);

        Assert.NotEmpty((await Engine(("Timeout", "00:00:01")).Transcribe(Sentence, "en", Token)).Words);

        Assert.True(server.Calls == 3, fault);
    }

    [Fact]
    public async Task Retry_After_is_waited_for()
    {
        server.Script(SpeechAnswer.Error(HttpStatusCode.TooManyRequests, "Rate limit reached.", "rate_limit_exceeded", "1"));

        await Engine().Transcribe(Sentence, "en", Token);

        Assert.Equal([TimeSpan.FromSeconds(1)], logs.Values<TimeSpan>("Delay"));
    }

    [Theory]
    [InlineData("61")]
    [InlineData("Fri, 31 Dec 2100 23:59:59 GMT")]
    public async Task Retry_After_beyond_what_is_waited_for_fails_at_once(string retryAfter)
    {
        server.Script(SpeechAnswer.Error(HttpStatusCode.TooManyRequests, "Quota.", "insufficient_quota", retryAfter));

        await Fails("engine_unavailable", retryable: true);

        Assert.Equal(1, server.Calls);
    }

    [Fact]
    public async Task A_fault_that_stays_is_given_up_after_the_retries()
    {
        server.Script(Enumerable.Repeat(SpeechAnswer.Error(HttpStatusCode.BadGateway, "Bad gateway.", null), 4));

        await Fails("engine_unavailable", retryable: true, ("MaxRetries", "3"));

        Assert.Equal(4, server.Calls);
        Assert.Contains("502: Bad gateway.", logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_listening_is_not_available()
    {
        var port = FreePort.Find();

        await Fails("engine_unavailable", retryable: true, ("BaseUrl", $"http://127.0.0.1:{port}/v1"));
    }

    [Fact]
    public async Task A_server_that_fails_too_often_is_left_alone_and_asked_again_after_that()
    {
        server.Script(Enumerable.Repeat(SpeechAnswer.Error(HttpStatusCode.InternalServerError, "Down.", null), 2));
        (string, string)[] settings = [("BreakerMinimumRequests", "2"), ("BreakDuration", "00:00:00.5"), ("MaxRetries", "3")];

        // Two calls fail and open the circuit; the third is not made, and the fourth waits for its time.
        Assert.NotEmpty((await Engine(settings).Transcribe(Sentence, "en", Token)).Words);

        Assert.Equal(3, server.Calls);
        Assert.Contains("it is left alone for 00:00:00.5", logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_left_alone_is_not_called()
    {
        server.Script(Enumerable.Repeat(SpeechAnswer.Error(HttpStatusCode.InternalServerError, "Down.", null), 2));
        (string, string)[] settings = [("BreakerMinimumRequests", "2"), ("BreakDuration", "00:10:00"), ("MaxRetries", "0")];
        await Fails("engine_unavailable", retryable: true, settings);
        await Fails("engine_unavailable", retryable: true, settings);

        await Fails("engine_unavailable", retryable: true, settings);

        Assert.Equal(2, server.Calls);
    }

    [Fact]
    public async Task Rate_limits_do_not_count_as_failures_of_the_server()
    {
        server.Script(Enumerable.Repeat(SpeechAnswer.Error(HttpStatusCode.TooManyRequests, "Slow down.", null, "0"), 4));

        await Engine(("BreakerMinimumRequests", "2")).Transcribe(Sentence, "en", Token);

        Assert.DoesNotContain("left alone", logs.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "engine_refused")]
    [InlineData(413, "engine_refused")]
    [InlineData(415, "engine_refused")]
    [InlineData(422, "engine_refused")]
    [InlineData(401, "engine_misconfigured")]
    [InlineData(402, "engine_misconfigured")]
    [InlineData(403, "engine_misconfigured")]
    [InlineData(404, "engine_misconfigured")]
    public async Task A_refusal_is_final_and_asked_once(int status, string code)
    {
        server.Script(SpeechAnswer.Error((HttpStatusCode)status, "No,\nthat will not do.", null));

        await Fails(code, retryable: false);

        Assert.Equal(1, server.Calls);
        Assert.Contains($"{status}: No, that will not do.", logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_is_refused_and_kept_out_of_the_log_though_the_server_repeats_it()
    {
        await Fails("engine_misconfigured", retryable: false, ("ApiKey", "sk-wrong"));

        Assert.Empty(server.Requests);
        Assert.Contains("Incorrect API key provided: [key].", logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-wrong", logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public Task A_model_that_is_not_there_is_a_mistake_of_the_configuration() =>
        Fails("engine_misconfigured", retryable: false, ("Model", "whisper-9"));

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = await SpeechServer.Start(Token);
        server.Script(new SpeechAnswer.Raw(HttpStatusCode.TemporaryRedirect, "") { Headers = new() { ["Location"] = $"{elsewhere.BaseUrl}/audio/transcriptions" } });

        await Fails("engine_misconfigured", retryable: false);

        Assert.Equal(0, elsewhere.Calls);
    }

    [Theory]
    [InlineData("not json at all")]
    [InlineData("{\"task\":\"transcribe\"}")]
    [InlineData("{\"text\":\"a\",\"words\":[{\"word\":\"a\",\"start\":[],\"end\":1}]}")]
    public async Task Nonsense_is_a_failure_that_may_pass(string body)
    {
        server.Script(SpeechAnswer.Ok(body));

        await Fails("engine_failed", retryable: true);
    }

    [Fact]
    public async Task Text_without_any_times_says_that_the_model_will_not_do()
    {
        server.Script(SpeechAnswer.Ok("""{"text":"He was not an ill-disposed young man."}"""));

        await Fails("engine_misconfigured", retryable: false);

        Assert.Contains("gives neither words nor segments with times", logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chunk_beyond_the_servers_limit_is_not_sent()
    {
        await Fails("engine_refused", retryable: false, ("MaximumUploadBytes", "65536"));

        Assert.Equal(0, server.Calls);
        Assert.Contains("more than the 65536 that its server takes", logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_callers_than_slots_wait_for_each_other()
    {
        var release = new TaskCompletionSource();
        var answer = new SpeechAnswer.Heard("english", [new(0, 1, "hello", [new("hello", 0, 1)])]);
        server.Hears = async request =>
        {
            // Korean comes from the other engine, which has slots of its own.
            if (request.Language == "en")
                await release.Task;
            return answer;
        };
        var engine = Engine(("MaximumConcurrency", "2"));
        var callers = Enumerable.Range(0, 8).Select(_ => engine.Transcribe(Sentence, "en", Token)).ToList();
        await Until(() => server.Requests.Count == 2);

        // As much time as one request takes, in which a third of the others would have come.
        await Another().Transcribe(Sentence, "ko", Token);
        Assert.Equal(3, server.Calls);

        release.SetResult();
        await Task.WhenAll(callers);
        Assert.Equal(9, server.Calls);
    }

    [Fact]
    public async Task Canceling_ends_the_request_and_frees_its_slot()
    {
        server.Script(SpeechAnswer.Stalled);
        var engine = Engine(("MaximumConcurrency", "1"));
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var running = engine.Transcribe(Sentence, "en", cancel.Token);
        await Until(() => server.Requests.Count == 1);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.NotEmpty((await engine.Transcribe(Sentence, "en", Token)).Words);
    }

    [Fact]
    public async Task Another_language_is_not_asked_for() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Engine().Transcribe(Sentence, "de", Token));

    [Fact]
    public async Task Health_asks_nothing_of_the_server()
    {
        await Engine().CheckHealth(Token);

        Assert.Equal(0, server.Calls);
    }

    private async Task Fails(string code, bool retryable, params (string Key, string Value)[] settings)
    {
        var failure = await Assert.ThrowsAsync<RecognitionFailedException>(() => Engine(settings).Transcribe(Sentence, "en", Token));

        Assert.Equal((code, retryable), (failure.Code, failure.Retryable));
        Assert.DoesNotContain(server.Key, failure.ToString(), StringComparison.Ordinal);
    }

    private static async Task Until(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
            await poll.WaitForNextTickAsync(limit.Token);
    }

    /// <summary>The engine as a silo has it; the same one for the same test.</summary>
    private ITranscriber Engine(params (string Key, string Value)[] settings) => services is [var first, ..] ? Of(first) : Another(settings);

    private ITranscriber Another(params (string Key, string Value)[] settings)
    {
        const string Section = "Transcription:OpenAi:hosted";
        var configured = new Dictionary<string, string?>
        {
            [$"{Section}:BaseUrl"] = server.BaseUrl,
            [$"{Section}:ApiKey"] = server.Key,
            [$"{Section}:Model"] = server.Model,
            [$"{Section}:Languages:0"] = "ko",
            [$"{Section}:Languages:1"] = "en",
            [$"{Section}:RetryDelay"] = "00:00:00.010",
        };
        foreach (var (key, value) in settings)
            configured[$"{Section}:{key}"] = value;
        services.Add(new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(configured).Build())
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs))
            .AddTranscription()
            .BuildServiceProvider());
        return Of(services[^1]);
    }

    private static ITranscriber Of(ServiceProvider provider)
    {
        Assert.True(provider.GetRequiredService<Transcribers>().TryFor("ko", out var engine));
        return engine;
    }
}
