using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace AX2Caption.Testing.Speech;

/// <summary>
/// A server on loopback that speaks <c>POST /v1/audio/transcriptions</c> as the API's reference documents it, and is strict: what a hosted server
/// would refuse, it refuses with the same status and the same shape of error. What it hears is up to the test; so are its faults.
/// </summary>
public sealed class SpeechServer : IAsyncDisposable
{
    private const string Path = "/v1/audio/transcriptions";

    private static readonly string[] Granularities = ["word", "segment"];
    private static readonly string[] Formats = ["json", "text", "srt", "verbose_json", "vtt"];
    private static readonly string[] Extensions = [".flac", ".mp3", ".mp4", ".mpeg", ".mpga", ".m4a", ".ogg", ".wav", ".webm"];

    private readonly WebApplication app;
    private readonly ConcurrentQueue<SpeechAnswer> script = new();
    private readonly ConcurrentQueue<SpeechRequest> requests = new();
    private int calls;

    private SpeechServer(WebApplication app) => this.app = app;

    /// <summary>What <c>/audio/transcriptions</c> is added to.</summary>
    public string BaseUrl => $"{app.Urls.Single()}/v1";

    /// <summary>The key that it takes.</summary>
    public string Key { get; } = $"sk-{Guid.CreateVersion7():N}";

    /// <summary>The model that it has.</summary>
    public string Model { get; } = "whisper-1";

    /// <summary>The largest file that it takes, in bytes.</summary>
    public long MaximumFileBytes { get; set; } = 25 << 20;

    /// <summary>What it hears in audio, where the script is at its end: one word in the language asked for unless a test says otherwise.</summary>
    public Func<SpeechRequest, Task<SpeechAnswer>> Hears { get; set; } = request =>
        Task.FromResult<SpeechAnswer>(new SpeechAnswer.Heard(request.Language ?? "english", [new SpokenSegment(0, 1, "hello", [new SpokenWord("hello", 0, 1)])]));

    /// <summary>The requests that were in order, the oldest first.</summary>
    public IReadOnlyList<SpeechRequest> Requests => [.. requests];

    /// <summary>Requests of any kind.</summary>
    public int Calls => calls;

    public static async Task<SpeechServer> Start(CancellationToken cancellationToken = default)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(SpeechServer).Assembly.GetName().Name });
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => (kestrel.Limits.MaxRequestBodySize, kestrel.AddServerHeader) = (null, false));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new SpeechServer(app);
        app.Run(server.Serve);
        await app.StartAsync(cancellationToken);
        return server;
    }

    /// <summary>What comes next, one answer to each request that is in order.</summary>
    public void Script(params IEnumerable<SpeechAnswer> answers)
    {
        foreach (var answer in answers)
            script.Enqueue(answer);
    }

    public async ValueTask DisposeAsync()
    {
        // Whoever was stalled is not waited for.
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        try
        {
            await app.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
            // As wanted.
        }

        await app.DisposeAsync();
    }

    private async Task Serve(HttpContext context)
    {
        Interlocked.Increment(ref calls);
        var (request, refusal) = await Check(context.Request);
        if (refusal is not null)
        {
            await Answer(context, refusal, request);
            return;
        }

        requests.Enqueue(request!);
        await Answer(context, script.TryDequeue(out var scripted) ? scripted : await Hears(request!), request);
    }

    private async Task<(SpeechRequest? Request, SpeechAnswer? Refusal)> Check(HttpRequest request)
    {
        if (request.Path != Path)
            return (null, SpeechAnswer.Error(HttpStatusCode.NotFound, $"Unknown request URL: {request.Method} {request.Path}.", "unknown_url"));
        if (request.Method != HttpMethods.Post)
            return (null, SpeechAnswer.Error(HttpStatusCode.MethodNotAllowed, $"Not allowed to {request.Method} on {request.Path}.", "method_not_supported"));
        if (request.Headers.Authorization.ToString() != $"Bearer {Key}")
            return (null, SpeechAnswer.Error(HttpStatusCode.Unauthorized, $"Incorrect API key provided: {request.Headers.Authorization.ToString().Split(' ')[^1]}.", "invalid_api_key"));
        if (!request.HasFormContentType)
            return (null, Invalid("The request has to be multipart/form-data."));

        var form = await new FormFeature(request, new FormOptions { MultipartBodyLengthLimit = long.MaxValue }).ReadFormAsync(request.HttpContext.RequestAborted);
        if (form.Files.GetFile("file") is not { } file)
            return (null, Invalid("Missing required parameter: 'file'."));
        if (form["model"] is not [{ Length: > 0 } model])
            return (null, Invalid("Missing required parameter: 'model'."));
        if (model != Model)
            return (null, SpeechAnswer.Error(HttpStatusCode.NotFound, $"The model '{model}' does not exist.", "model_not_found"));
        if (file.Length > MaximumFileBytes)
            return (null, SpeechAnswer.Error(HttpStatusCode.RequestEntityTooLarge, $"Maximum content size limit ({MaximumFileBytes}) exceeded ({file.Length} bytes read).", null));

        var format = form["response_format"] is [{ } named] ? named : "json";
        string[] granularities = [.. form["timestamp_granularities[]"].OfType<string>()];
        if (!Formats.Contains(format))
            return (null, Invalid($"'{format}' is no response_format."));
        if (granularities.Except(Granularities).Any() || (granularities.Length > 0 && format != "verbose_json"))
            return (null, Invalid("timestamp_granularities are 'word' and 'segment' and need response_format 'verbose_json'."));
        var language = form["language"] is [{ } tag] ? tag : null;
        if (language is not null && !(language.Length is 2 or 3 && language.All(char.IsAsciiLetterLower)))
            return (null, Invalid($"Invalid language '{language}'. Language parameter must be specified in ISO-639-1 or ISO-639-3 format."));
        if (form.Keys.Except(["file", "model", "response_format", "timestamp_granularities[]", "language", "prompt", "temperature"]).ToList() is [var unknown, ..])
            return (null, Invalid($"Unrecognized request argument supplied: {unknown}."));

        await using var content = file.OpenReadStream();
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes);
        return Extensions.Contains(System.IO.Path.GetExtension(file.FileName)) && SpeechRequest.DurationOf(bytes.ToArray()) is { } duration
            ? (new SpeechRequest(bytes.ToArray(), file.FileName, duration, language, format, granularities), null)
            : (null, Invalid("Invalid file format. Supported formats: ['flac', 'm4a', 'mp3', 'mp4', 'mpeg', 'mpga', 'oga', 'ogg', 'wav', 'webm']"));
    }

    private static SpeechAnswer Invalid(string message) => SpeechAnswer.Error(HttpStatusCode.BadRequest, message, null);

    private static async Task Answer(HttpContext context, SpeechAnswer answer, SpeechRequest? request)
    {
        var response = context.Response;
        switch (answer)
        {
            case SpeechAnswer.Heard heard:
                await response.WriteAsJsonAsync(heard.Render(request!), context.RequestAborted);
                break;
            case SpeechAnswer.Raw raw:
                response.StatusCode = (int)raw.Status;
                response.ContentType = raw.ContentType;
                foreach (var (name, value) in raw.Headers)
                    response.Headers[name] = value;
                await response.WriteAsync(raw.Body, context.RequestAborted);
                break;
            case SpeechAnswer.Cut:
                response.ContentLength = 1000;
                await response.WriteAsync("{\"task\":\"transcribe\",\"text\":\"he", context.RequestAborted);
                await response.Body.FlushAsync(context.RequestAborted);
                context.Abort();
                break;
            case SpeechAnswer.Stall:
                var gone = new TaskCompletionSource();
                await using (context.RequestAborted.UnsafeRegister(static gone => ((TaskCompletionSource)gone!).SetResult(), gone))
                    await gone.Task;
                break;
        }
    }
}
