using AX2Caption.Grains.Media;
using AX2Caption.Grains.Transcription;
using AX2Caption.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Tests.Transcription;

/// <summary>The engine with two decoders, shared by a class's tests since each takes memory and a start, and speech for it.</summary>
public sealed class SpeechFixture : IDisposable
{
    private static readonly PcmAudio Pause = new(new short[(int)(PcmAudio.SampleRate * SampleSpeech.Pause.TotalSeconds)]);

    internal PocketSphinxTranscriber Engine { get; } = NewEngine(new PocketSphinxOptions { Decoders = 2 });

    /// <summary>Each sentence by itself.</summary>
    internal IReadOnlyList<PcmAudio> Sentences { get; } = [.. SampleSpeech.Sentences.Select(sentence => Load(sentence.WavPath))];

    /// <summary>All sentences with the pauses between them: half a minute.</summary>
    internal PcmAudio All => new(Sentences.SelectMany(sentence => (PcmAudio[])[sentence, Pause]).SelectMany(part => part.Samples.ToArray()).ToArray());

    internal static PocketSphinxTranscriber NewEngine(PocketSphinxOptions options, TimeProvider? time = null, bool sandboxed = true, MediaSandboxOptions? sandbox = null) => new(
        Options.Create(options), Options.Create(sandbox ?? new MediaSandboxOptions { Required = sandboxed }), time ?? TimeProvider.System,
        NullLogger<PocketSphinxTranscriber>.Instance);

    public void Dispose() => Engine.Dispose();

    private static PcmAudio Load(string wavPath)
    {
        const int HeaderLength = 44;
        return PcmAudio.FromBytes(File.ReadAllBytes(wavPath).AsSpan(HeaderLength));
    }
}
