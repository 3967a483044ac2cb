using AX2Caption.Captions;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Transcription;

/// <summary>The offline engine, in process. Its libraries and model are loaded by the first recognition or health check.</summary>
internal sealed class PocketSphinxTranscriber : ITranscriber, IDisposable
{
    private static readonly PcmAudio Silence = new(new short[PcmAudio.SampleRate / 4]);

    private readonly PocketSphinxModel model;
    private readonly Lazy<PocketSphinxPool> pool;
    private volatile bool works;

    public PocketSphinxTranscriber(IOptions<PocketSphinxOptions> options)
    {
        Languages = options.Value.ServedLanguages;
        model = new PocketSphinxModel(options.Value.ModelPath);
        pool = new Lazy<PocketSphinxPool>(() => new PocketSphinxPool(model, options.Value.Decoders));
    }

    public string Engine => "pocketsphinx";

    public IReadOnlyList<string> Languages { get; }

    public async Task<IReadOnlyList<Word>> Transcribe(PcmAudio audio, string language, CancellationToken cancellationToken)
    {
        if (!Languages.Contains(LanguageSubtag.PrimaryOf(language), StringComparer.OrdinalIgnoreCase))
            throw new ArgumentException($"{Engine} does not recognise '{language}'.", nameof(language));

        return await pool.Value.Recognize(audio, cancellationToken);
    }

    public async Task CheckHealth(CancellationToken cancellationToken)
    {
        model.Check();
        // Once is enough, and a busy pool would keep a later check waiting behind real work.
        if (works)
            return;
        await pool.Value.Recognize(Silence, cancellationToken);
        works = true;
    }

    public void Dispose()
    {
        if (pool.IsValueCreated)
            pool.Value.Dispose();
    }
}
