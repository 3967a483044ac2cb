using AX2Caption.Grains.Media;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Transcription;

/// <summary>The offline engine, in processes of its own. They are started by the first recognition or health check.</summary>
internal sealed partial class PocketSphinxTranscriber(
    IOptions<PocketSphinxOptions> options, IOptions<MediaSandboxOptions> sandbox, TimeProvider time, ILogger<PocketSphinxTranscriber> logger)
    : ITranscriber, IDisposable
{
    public const string Name = "pocketsphinx";

    private static readonly PcmAudio Silence = new(new short[PcmAudio.SampleRate / 4]);

    private readonly PocketSphinxModel model = new(options.Value.ModelPath);
    private readonly PocketSphinxPool pool = new(sandbox.Value, options.Value, time);
    private volatile bool works;

    public string Engine => Name;

    public IReadOnlyList<string> Languages { get; } = options.Value.ServedLanguages;

    public bool DetectsLanguage => false;

    /// <summary>The processes there are.</summary>
    internal IReadOnlyList<int> Processes => pool.Processes;

    public async Task<Recognition> Transcribe(PcmAudio audio, string language, CancellationToken cancellationToken)
    {
        if (!language.IsServedBy(this))
            throw new ArgumentException($"{Engine} does not recognise '{language}'.", nameof(language));

        model.Check();
        try
        {
            return new Recognition(await pool.Recognize(audio, cancellationToken), language);
        }
        catch (Exception crash) when (crash is EngineCrashedException or TimeoutException)
        {
            LogCrash(crash.Message);
            throw RecognitionFailedException.Failed(crash);
        }
    }

    public async Task CheckHealth(CancellationToken cancellationToken)
    {
        model.Check();
        // Once is enough, and a busy pool would keep a later check waiting behind real work.
        if (works)
            return;
        try
        {
            await pool.Recognize(Silence, cancellationToken);
        }
        catch (Exception crash) when (crash is EngineCrashedException or TimeoutException)
        {
            throw new InvalidOperationException(
                $"The speech engine does not start with the model at '{PocketSphinxOptions.Section}:{nameof(PocketSphinxOptions.ModelPath)}'. "
                + $"Install the packages 'pocketsphinx' and 'pocketsphinx-en-us' again, or allow its sandbox. {crash.Message}", crash);
        }

        works = true;
    }

    public void Dispose() => pool.Dispose();

    [LoggerMessage(LogLevel.Warning, "{Crash}")]
    private partial void LogCrash(string crash);
}
