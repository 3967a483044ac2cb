using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace AX2Caption.Grains.Transcription.OpenAi;

/// <summary>An engine behind HTTP: any server that speaks <c>POST /audio/transcriptions</c>, hosted or one's own.</summary>
internal sealed partial class OpenAiTranscriber : ITranscriber, IDisposable
{
    // An hour of words with their times takes two megabytes or so; whoever sends more is not answering the question.
    private const int MaximumAnswerBytes = 16 << 20;

    private readonly OpenAiServerOptions options;
    private readonly SpeechEncoder encoder;
    private readonly TimeProvider time;
    private readonly ILogger<OpenAiTranscriber> logger;
    private readonly HttpClient http;
    private readonly string? key;
    private readonly SemaphoreSlim slots;
    private readonly ResiliencePipeline<HttpResponseMessage> pipeline;

    public OpenAiTranscriber(string name, OpenAiServerOptions options, SpeechEncoder encoder, TimeProvider time, ILogger<OpenAiTranscriber> logger)
    {
        Engine = name.ToLowerInvariant();
        this.options = options;
        this.encoder = encoder;
        this.time = time;
        this.logger = logger;
        key = options.Key;
        slots = new SemaphoreSlim(options.MaximumConcurrency);
        pipeline = ServerPipeline.Build(
            options, time,
            retry => LogRetry(Engine, Described(retry.Outcome), retry.RetryDelay),
            rest => LogLeftAlone(Engine, rest));
        // No client from the factory: that one would write the headers of each request, the key among them, to the finest log.
        http = new HttpClient(new SocketsHttpHandler
        {
            // A redirect could lead audio and key to another host.
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaximumAnswerBytes,
        };
    }

    public string Engine { get; }

    public IReadOnlyList<string> Languages => options.Languages;

    public bool DetectsLanguage => options.DetectsLanguage;

    public async Task<Recognition> Transcribe(PcmAudio audio, string language, CancellationToken cancellationToken)
    {
        if (!language.IsServedBy(this))
            throw new ArgumentException($"{Engine} does not recognise '{language}'.", nameof(language));

        await slots.WaitAsync(cancellationToken);
        try
        {
            var file = await encoder.Encode(audio, options.Encoding, cancellationToken);
            if (file.LongLength > options.MaximumUploadBytes)
            {
                LogTooLarge(Engine, file.LongLength, audio.Duration, options.MaximumUploadBytes);
                throw RecognitionFailedException.Refused();
            }

            using var response = await Ask(file, language, cancellationToken);
            return response.IsSuccessStatusCode
                ? await Read(response, audio, language, cancellationToken)
                : throw await Failure(response, cancellationToken);
        }
        finally
        {
            slots.Release();
        }
    }

    /// <summary>Looks at the configuration only: a request would cost money.</summary>
    public Task CheckHealth(CancellationToken cancellationToken)
    {
        encoder.Check();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        http.Dispose();
        slots.Dispose();
    }

    private async Task<HttpResponseMessage> Ask(byte[] file, string language, CancellationToken cancellationToken)
    {
        try
        {
            return await pipeline.ExecuteAsync(async token => await Send(file, language, token), cancellationToken);
        }
        catch (Exception fault) when (fault is HttpRequestException or TimeoutRejectedException or BrokenCircuitException)
        {
            LogUnavailable(Engine, options.Endpoint, fault.Message);
            throw fault switch
            {
                BrokenCircuitException resting => RecognitionFailedException.Unavailable(resting, resting.RetryAfter),
                HttpRequestException lost when IsOfTheConnection(lost) => RecognitionFailedException.Unavailable(lost),
                _ => RecognitionFailedException.Failed(fault, options.BreakDuration),
            };
        }
    }

    /// <summary>An answer that is none, or never ends, is one all the same: the same chunk may have it again.</summary>
    private static bool IsOfTheConnection(HttpRequestException fault) => fault.HttpRequestError
        is not (HttpRequestError.HttpProtocolError or HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded);

    private async Task<HttpResponseMessage> Send(byte[] file, string language, CancellationToken cancellationToken)
    {
        var audio = new ByteArrayContent(file);
        audio.Headers.ContentType = new MediaTypeHeaderValue(SpeechEncoder.MediaType(options.Encoding));
        using var form = new MultipartFormDataContent();
        form.Add(audio, "file", SpeechEncoder.FileName(options.Encoding));
        form.Add(new StringContent(options.Model), "model");
        if (!LanguageSubtag.IsAutomatic(language))
            form.Add(new StringContent(LanguageSubtag.PrimaryOf(language).ToLowerInvariant()), "language");
        form.Add(new StringContent("verbose_json"), "response_format");
        form.Add(new StringContent("word"), "timestamp_granularities[]");
        form.Add(new StringContent("segment"), "timestamp_granularities[]");

        using var request = new HttpRequestMessage(HttpMethod.Post, options.Endpoint) { Content = form };
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        }
        catch (OperationCanceledException fault) when (fault.InnerException is TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"It took no connection within {options.ConnectTimeout}.", fault);
        }

        if (response.StatusCode != HttpStatusCode.TooManyRequests || !(await Complaint(response, cancellationToken)).IsOfSpentQuota)
            return response;
        // Asking again changes nothing: the pipeline is not to see it.
        using (response)
            throw await Failure(response, cancellationToken);
    }

    private async Task<Recognition> Read(HttpResponseMessage response, PcmAudio audio, string language, CancellationToken cancellationToken)
    {
        var json = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        try
        {
            var answer = VerboseTranscription.Parse(json);
            if (!answer.HasTimes)
            {
                LogNoTimes(Engine, options.Model);
                throw RecognitionFailedException.Misconfigured();
            }

            var spoken = LanguageSubtag.IsAutomatic(language) ? SpokenLanguages.TagOf(answer.Language) : language;
            return new Recognition(answer.WordsWithin(audio.Duration, spoken, options.NoSpeechThreshold), spoken);
        }
        catch (InvalidDataException fault)
        {
            LogNonsense(Engine, fault.Message);
            throw RecognitionFailedException.Failed(fault);
        }
    }

    private async Task<RecognitionFailedException> Failure(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var complaint = await Complaint(response, cancellationToken);
        LogRefused(Engine, (int)response.StatusCode, complaint.Message);
        if (response.StatusCode == HttpStatusCode.TooManyRequests && complaint.IsOfSpentQuota)
        {
            LogQuotaSpent(Engine);
            return RecognitionFailedException.Misconfigured();
        }

        var asked = ServerPipeline.RetryAfter(response, time);
        return response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable =>
                RecognitionFailedException.Unavailable(retryAfter: asked),
            HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError =>
                RecognitionFailedException.Failed(retryAfter: asked > options.BreakDuration ? asked : options.BreakDuration),
            HttpStatusCode.Unauthorized or HttpStatusCode.PaymentRequired or HttpStatusCode.Forbidden or HttpStatusCode.NotFound
                or HttpStatusCode.MethodNotAllowed or < HttpStatusCode.BadRequest => RecognitionFailedException.Misconfigured(),
            _ => RecognitionFailedException.Refused(),
        };
    }

    private async Task<ServerComplaint> Complaint(HttpResponseMessage response, CancellationToken cancellationToken) =>
        ServerComplaint.Of(await response.Content.ReadAsByteArrayAsync(cancellationToken), key);

    private static string Described(Outcome<HttpResponseMessage> outcome) =>
        outcome.Result is { } answer ? $"status {(int)answer.StatusCode}" : outcome.Exception!.Message;

    [LoggerMessage(LogLevel.Information, "Engine {Engine}: {Reason}; the request is repeated after {Delay}.")]
    private partial void LogRetry(string engine, string reason, TimeSpan delay);

    [LoggerMessage(LogLevel.Warning, "Engine {Engine} failed too often; it is left alone for {Rest}.")]
    private partial void LogLeftAlone(string engine, TimeSpan rest);

    [LoggerMessage(LogLevel.Warning, "Engine {Engine} is not available at {Endpoint}: {Reason}")]
    private partial void LogUnavailable(string engine, Uri endpoint, string reason);

    [LoggerMessage(LogLevel.Error, "Engine {Engine} answered with status {Status}: {Complaint}")]
    private partial void LogRefused(string engine, int status, string complaint);

    [LoggerMessage(LogLevel.Error, "Engine {Engine}: what is paid for is used up. Its jobs fail until its account is topped up, or Transcription:Preference names another engine.")]
    private partial void LogQuotaSpent(string engine);

    [LoggerMessage(LogLevel.Error, "Engine {Engine}: its model '{Model}' gives neither words nor segments with times. Choose one that does.")]
    private partial void LogNoTimes(string engine, string model);

    [LoggerMessage(LogLevel.Warning, "Engine {Engine} answered what makes no sense: {Reason}")]
    private partial void LogNonsense(string engine, string reason);

    [LoggerMessage(
        LogLevel.Error,
        "Engine {Engine}: a chunk takes {Bytes} bytes for {Duration}, more than the {Limit} that its server takes. Choose Opus, or shorter chunks in Transcription:Chunks.")]
    private partial void LogTooLarge(string engine, long bytes, TimeSpan duration, long limit);
}
