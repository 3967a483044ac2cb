using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Grains.Transcription.OpenAi;

/// <summary>A server that speaks <c>POST /audio/transcriptions</c>. Section <c>Transcription:OpenAi:NAME</c>.</summary>
internal sealed class OpenAiServerOptions
{
    /// <summary>The address that <c>/audio/transcriptions</c> is added to, for example <c>https://api.openai.com/v1</c>. It has to be set.</summary>
    [Required]
    public string BaseUrl { get; set; } = "";

    /// <summary>The key that is sent as a bearer token. Default none: no key is sent.</summary>
    public string? ApiKey { get; set; }

    /// <summary>A file with the key, read at the start, instead of <see cref="ApiKey"/>. Default none.</summary>
    public string? ApiKeyPath { get; set; }

    /// <summary>The model's name on the server, for example <c>whisper-1</c>. It has to be set.</summary>
    [Required]
    public string Model { get; set; } = "";

    /// <summary>The BCP 47 primary language subtags that go there, for example <c>ko</c>. At least one has to be set.</summary>
    public string[] Languages { get; set; } = [];

    /// <summary>Whether jobs of language <c>auto</c> may go there: the server then finds the language out. Default true.</summary>
    public bool DetectsLanguage { get; set; } = true;

    /// <summary>Chunks that one worker process has under way there at once; more wait. Default 4; 1 to 256.</summary>
    [Range(1, 256)]
    public int MaximumConcurrency { get; set; } = 4;

    /// <summary>How chunks are compressed. Default <c>Flac</c>, which loses nothing.</summary>
    [EnumDataType(typeof(SpeechEncoding))]
    public SpeechEncoding Encoding { get; set; } = SpeechEncoding.Flac;

    /// <summary>
    /// Largest compressed chunk that is sent, in bytes; a larger one fails its job. Default 26,148,864: 64 KiB less than the 25 MiB that hosted
    /// servers take. A minute takes about 1 MB as FLAC and 0.2 MB as Opus.
    /// </summary>
    [Range(typeof(long), "65536", "1073741824")]
    public long MaximumUploadBytes { get; set; } = (25 << 20) - (64 << 10);

    /// <summary>How long one request may take, its upload and its answer included. Default 2 min; 1 s to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a connection may take to come about; then the server counts as away. Default 15 s; 0.05 s to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How often a request is sent again that met a lost connection, a time-out, 408, 429 or 5xx, before the attempt at the chunk ends. It keeps its
    /// worker's place meanwhile: longer outages are waited for by the task itself, see <c>Worker:OutageDelay</c>. Default 2; 0 to 20.
    /// </summary>
    [Range(0, 20)]
    public int MaxRetries { get; set; } = 2;

    /// <summary>
    /// The wait before the first repetition, doubled for each further one, with jitter; where the server says <c>Retry-After</c>, that is waited.
    /// Default 1 s; 0.01 s to 1 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The longest <c>Retry-After</c> that a request is repeated after; a longer one ends the attempt at once, and the task waits as long. Default
    /// 5 s; 0 to 1 hour.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan MaximumRetryAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The share of failed requests within <see cref="BreakerWindow"/> from which the server is left alone for <see cref="BreakDuration"/>. 429 does not
    /// count: a server that says it is alive. Default 0.5; 0.01 to 1.
    /// </summary>
    [Range(0.01, 1.0)]
    public double BreakerFailureRatio { get; set; } = 0.5;

    /// <summary>Requests within <see cref="BreakerWindow"/> below which their failures say nothing. Default 8; 2 to 1,000.</summary>
    [Range(2, 1000)]
    public int BreakerMinimumRequests { get; set; } = 8;

    /// <summary>How far back failures count. Default 1 min; 0.5 s to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "01:00:00")]
    public TimeSpan BreakerWindow { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a server that failed too often is left alone; then one request tries it. Default 15 s; 0.5 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:10:00")]
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Segments whose <c>no_speech_prob</c> is above this are dropped: models invent text over silence and music. 1 keeps all. Default 0.8; 0 to 1.
    /// </summary>
    [Range(0.0, 1.0)]
    public double NoSpeechThreshold { get; set; } = 0.8;

    /// <summary>The address of the requests.</summary>
    internal Uri Endpoint => new($"{BaseUrl.TrimEnd('/')}/audio/transcriptions");

    /// <summary>The key, wherever it stands; null if none is configured.</summary>
    internal string? Key => ApiKeyPath is null ? ApiKey : File.ReadAllText(ApiKeyPath).Trim();

    /// <summary>What is wrong beyond the ranges of single settings.</summary>
    internal IEnumerable<ValidationResult> Problems()
    {
        if (BaseUrl.Length > 0 && (!Uri.TryCreate(BaseUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")
            || url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0))
            yield return new ValidationResult("must be an http or https address without user, query or fragment.", [nameof(BaseUrl)]);
        if (Languages.Length == 0)
            yield return new ValidationResult("must name at least one language.", [nameof(Languages)]);
        foreach (var language in Languages.Where(language => language.Length is < 2 or > 3 || !language.All(char.IsAsciiLetterLower)))
            yield return new ValidationResult($"takes primary language subtags of 2 or 3 lower-case letters, not '{language}'.", [nameof(Languages)]);
        if (ApiKey is not null && ApiKeyPath is not null)
            yield return new ValidationResult($"goes without {nameof(ApiKey)}: one of them is the key.", [nameof(ApiKeyPath)]);
        else if (KeyProblem() is { } problem)
            yield return new ValidationResult(problem, [ApiKeyPath is null ? nameof(ApiKey) : nameof(ApiKeyPath)]);
    }

    /// <summary>Says nothing of the key itself.</summary>
    private string? KeyProblem()
    {
        try
        {
            return Key is { } key && (key.Length == 0 || !key.All(character => character is > ' ' and <= '~'))
                ? "the key is empty, or has characters that no header takes."
                : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"the file cannot be read: {fault.Message}";
        }
    }
}

/// <summary>How speech is compressed for sending.</summary>
internal enum SpeechEncoding
{
    /// <summary>FLAC: half the size, nothing lost.</summary>
    Flac,

    /// <summary>Opus in Ogg, 24 kbit/s: a tenth of the size.</summary>
    Opus,
}
