using System.Net;
using System.Net.Sockets;
using AX2Caption.Grains.Tests.Media;
using AX2Caption.Grains.Transcription;
using AX2Caption.Testing;
using AX2Caption.Testing.Speech;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace AX2Caption.Grains.Tests.Transcription.OpenAi;

/// <summary>The engine against a server that is strict about the protocol, and has faults as a test wants them.</summary>
public sealed class AskingAServer : IAsyncLifetime
{
    private static readonly PcmAudio Sentence = PcmAudio.FromBytes(File.ReadAllBytes(SampleSpeech.Sentences[0].WavPath).AsSpan(44));

    private readonly LogLines logs = new();
    private SpeechServer server = null!;
    private FakeTimeProvider? clock;
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
    };

    [Theory]
    [MemberData(nameof(PassingFaults), DisableDiscoveryEnumeration = true)]
    public async Task A_fault_that_passes_is_met_by_asking_again(string fault, SpeechAnswer answer)
    {
        server.Script(answer, answer);

        Assert.NotEmpty((await Engine().Transcribe(Sentence, "en", Token)).Words);

        Assert.True(server.Calls == 3, fault);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_asked_again()
    {
        server.Script(SpeechAnswer.Stalled, SpeechAnswer.Stalled);

        Assert.NotEmpty((await Engine(("Timeout", "00:00:05")).Transcribe(Sentence, "en", Token)).Words);

        Assert.Equal(3, server.Calls);
    }

    [Fact]
    public async Task Retry_After_is_waited_for()
    {
        server.Script(SpeechAnswer.Error(HttpStatusCode.TooManyRequests, "Rate limit reached.", "rate_limit_exceeded", "1"));

        await Engine().Transcribe(Sentence, "en", Token);

        Assert.Equal([TimeSpan.FromSeconds(1)], logs.Values<TimeSpan>("Delay"));
    }

    [Theory]
    [InlineData("6", 6)]
    [InlineData("86400", 86_400)]
    [InlineData("Tue, 01 Mar 2016 13:00:00 GMT", 3600)]
    public async Task Retry_After_beyond_what_is_waited_for_here_ends_the_attempt_at_once_and_is_passed_on(string retryAfter, double seconds)
    {
        clock = new FakeTimeProvider(new DateTimeOffset(2016, 3, 1, 12, 0, 0, TimeSpan.Zero));
        server.Script(SpeechAnswer.Error(HttpStatusCode.TooManyRequests, "Slow down.", "rate_limit_exceeded", retryAfter));

        var failure = await Fails("engine_unavailable", retryable: true);

        Assert.Equal((true, TimeSpan.FromSeconds(seconds)), (failure.IsOutage, failure.RetryAfter));
        Assert.Equal(1, server.Calls);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    public async Task A_server_that_takes_nothing_to_the_end_of_the_retries_is_away(int status)
    {
        server.Script(Enumerable.Repeat(SpeechAnswer.Error((HttpStatusCode)status, "Not now.", null), 3));

        var failure = await Fails("engine_unavailable", retryable: true);

        Assert.Equal((true, null), (failure.IsOutage, failure.RetryAfter));
        Assert.Equal(3, server.Calls);
        Assert.Contains($"{status}: Not now.", logs.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(408, null, 15)]
    [InlineData(500, null, 15)]
    [InlineData(504, "1", 15)]
    [InlineData(500, "60", 60)]
    public async Task What_the_chunk_itself_may_cause_counts_and_lets_the_server_rest(int status, string? retryAfter, double seconds)
    {
        server.Script(Enumerable.Repeat(SpeechAnswer.Error((HttpStatusCode)status, "Went wrong.", null, retryAfter), 2));

        var failure = await Fails("engine_failed", retryable: true, ("MaxRetries", "0"));

        Assert.Equal((false, TimeSpan.FromSeconds(seconds)), (failure.IsOutage, failure.RetryAfter));
    }

    [Fact]
    public async Task A_server_that_never_answers_counts_since_the_chunk_may_be_the_cause()
    {
        server.Script(SpeechAnswer.Stalled);

        Assert.False((await Fails("engine_failed", retryable: true, ("MaxRetries", "0"), ("Timeout", "00:00:01"))).IsOutage);
    }

    [Fact]
    public async Task An_answer_without_an_end_counts()
    {
        server.Script(SpeechAnswer.Ok(new string(' ', (16 << 20) + 1)));

        Assert.False((await Fails("engine_failed", retryable: true, ("MaxRetries", "0"))).IsOutage);
    }

    [Fact]
    public async Task A_connection_that_is_cut_in_every_try_is_an_outage()
    {
        server.Script(SpeechAnswer.CutOff, SpeechAnswer.CutOff, SpeechAnswer.CutOff);

        Assert.True((await Fails("engine_unavailable", retryable: true)).IsOutage);
        Assert.Equal(3, server.Calls);
    }

    [Fact]
    public async Task Nobody_listening_is_an_outage()
    {
        var port = FreePort.Find();

        Assert.True((await Fails("engine_unavailable", retryable: true, ("BaseUrl", $"http://127.0.0.1:{port}/v1"))).IsOutage);
    }

    [Fact]
    public async Task Somebody_who_takes_no_connection_is_an_outage_long_before_the_request_would_be_too_late()
    {
        // Nobody accepts, and so the kernel leaves those who come after the first few without an answer.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(backlog: 1);
        using var crowd = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, 8).Select(async _ =>
        {
            using var one = new TcpClient();
            await one.ConnectAsync((IPEndPoint)listener.LocalEndPoint!, crowd.Token);
            await Task.Delay(Timeout.Infinite, crowd.Token);
        }).ToList();

        var failure = await Fails(
            "engine_unavailable", retryable: true,
            ("BaseUrl", $"http://{listener.LocalEndPoint}/v1"), ("ConnectTimeout", "00:00:00.200"), ("Timeout", "01:00:00"), ("MaxRetries", "0"));

        Assert.True(failure.IsOutage);
        Assert.Contains("It took no connection within 00:00:00.2", logs.Text, StringComparison.Ordinal);
        await crowd.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(waiting));
    }

    [Fact]
    public async Task A_server_that_fails_too_often_is_left_alone_for_its_time_which_is_passed_on_and_then_asked_again()
    {
        clock = new FakeTimeProvider();
        server.Script(Enumerable.Repeat(SpeechAnswer.Error(HttpStatusCode.InternalServerError, "Down.", null), 2));
        (string, string)[] settings = [("BreakerMinimumRequests", "2"), ("BreakDuration", "00:10:00"), ("MaxRetries", "0")];
        await Fails("engine_failed", retryable: true, settings);
        await Fails("engine_failed", retryable: true, settings);
        clock.Advance(TimeSpan.FromMinutes(1));

        var failure = await Fails("engine_unavailable", retryable: true, settings);

        Assert.Equal((true, TimeSpan.FromMinutes(9)), (failure.IsOutage, failure.RetryAfter));
        Assert.Equal(2, server.Calls);
        Assert.Contains("it is left alone for 00:10:00", logs.Text, StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromMinutes(9));
        Assert.NotEmpty((await Engine(settings).Transcribe(Sentence, "en", Token)).Words);
    }

    [Fact]
    public async Task Quota_that_is_used_up_is_not_asked_for_again_and_told_to_the_operator()
    {
        server.Script(SpeechAnswer.Error(HttpStatusCode.TooManyRequests, "You exceeded your current quota.", "insufficient_quota", "0"));

        await Fails("engine_misconfigured", retryable: false);

        Assert.Equal(1, server.Calls);
        Assert.Contains("429: You exceeded your current quota.", logs.Text, StringComparison.Ordinal);
        Assert.Contains("Engine hosted: what is paid for is used up.", logs.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "application/json; charset=utf-99", "{\"error\":{\"message\":\"안 돼요.\"}}", "engine_refused", "400: 안 돼요.")]
    [InlineData(503, "text/html; charset=nonsense", "<html>Away</html>", "engine_unavailable", "503: <html>Away</html>")]
    [InlineData(429, "application/json; charset=nonsense", "{\"error\":\"no\"}", "engine_unavailable", "429: {\"error\":\"no\"}")]
    [InlineData(400, "application/json", "{\"error\":{\"message\":\"half \\ud800\"}}", "engine_refused", "400: {\"error\"")]
    [InlineData(400, "application/json", "{\"error\":{\"message\":null,\"code\":7}}", "engine_refused", "400: {\"error\"")]
    public async Task A_complaint_is_understood_whatever_its_character_set_is_called(int status, string contentType, string body, string code, string logged)
    {
        server.Script(new SpeechAnswer.Raw((HttpStatusCode)status, body, contentType));

        await Fails(code, retryable: code == "engine_unavailable", ("MaxRetries", "0"));

        Assert.Contains(logged, logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_whose_character_set_nobody_knows_is_read_as_JSON_is()
    {
        const string Answer = """{"text":"안녕","words":[{"word":"안녕","start":0,"end":1}]}""";
        server.Script(new SpeechAnswer.Raw(HttpStatusCode.OK, Answer, "application/json; charset=utf-99"));

        Assert.Equal("안녕", Assert.Single((await Engine().Transcribe(Sentence, "ko", Token)).Words).Text);
    }

    [Fact]
    public async Task Rate_limits_do_not_count_as_failures_of_the_server()
    {
        server.Script(Enumerable.Repeat(SpeechAnswer.Error(HttpStatusCode.TooManyRequests, "Slow down.", null, "0"), 4));

        await Engine(("BreakerMinimumRequests", "2"), ("MaxRetries", "4")).Transcribe(Sentence, "en", Token);

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

    private async Task<RecognitionFailedException> Fails(string code, bool retryable, params (string Key, string Value)[] settings)
    {
        var failure = await Assert.ThrowsAsync<RecognitionFailedException>(() => Engine(settings).Transcribe(Sentence, "en", Token));

        Assert.Equal((code, retryable), (failure.Code, failure.Retryable));
        Assert.DoesNotContain(server.Key, failure.ToString(), StringComparison.Ordinal);
        return failure;
    }

    private static Task Until(Func<bool> condition) => Polling.Until(condition, Token);

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
            .AddSingleton<TimeProvider>(clock ?? TimeProvider.System)
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
