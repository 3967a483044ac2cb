using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Transcription.OpenAi;

/// <summary>An engine for each configured server, in the order of their names.</summary>
internal sealed class OpenAiTranscribers(IOptions<TranscriptionOptions> options, SpeechEncoder encoder, TimeProvider time, ILoggerFactory loggers) : IDisposable
{
    public IReadOnlyList<OpenAiTranscriber> All { get; } =
    [
        .. from server in options.Value.OpenAi
           orderby server.Key
           select new OpenAiTranscriber(server.Key, server.Value, encoder, time, loggers.CreateLogger<OpenAiTranscriber>()),
    ];

    public void Dispose()
    {
        foreach (var engine in All)
            engine.Dispose();
    }
}
