using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace AX2Caption.Captions;

/// <summary>
/// A transcript as UTF-8 JSON:
/// <c>{"language":"en","words":[{"text":"hello","startMs":0,"endMs":420,"confidence":0.93}]}</c>.
/// Times are whole milliseconds; members a reader does not know are passed over, so that later versions may add some.
/// </summary>
public static partial class TranscriptJson
{
    private static readonly long LongestMs = (long)TimeSpan.MaxValue.TotalMilliseconds - 1;

    private static readonly WireContext Wire = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        // Korean text as itself rather than as escapes: a third of the size, and readable.
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    });

    /// <summary>Writes the transcript to the stream and leaves it open.</summary>
    /// <exception cref="ArgumentException">A word breaks the rules of <see cref="Word"/>, so that it could not be read back.</exception>
    public static async Task WriteAsync(Transcript transcript, Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transcript);
        ArgumentNullException.ThrowIfNull(stream);

        var words = new WireWord[transcript.Words.Count];
        for (var i = 0; i < words.Length; i++)
        {
            var word = transcript.Words[i];
            words[i] = new WireWord(word.Text, Milliseconds.Round(word.Start), Milliseconds.Round(word.End), word.Confidence);
            if (Fault(words[i]) is { } fault)
            {
                throw new ArgumentException($"Word {i} {fault}.", nameof(transcript));
            }
        }

        await JsonSerializer.SerializeAsync(stream, new WireTranscript(transcript.Language, words), Wire.WireTranscript, cancellationToken);
    }

    /// <summary>Reads a transcript from the stream to its end.</summary>
    /// <exception cref="InvalidDataException">The content is not a transcript; the message says where and why.</exception>
    public static async Task<Transcript> ReadAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);

        var wire = await DeserializeAsync(stream, cancellationToken);
        var words = new Word[wire.Words.Count];
        for (var i = 0; i < words.Length; i++)
        {
            var word = wire.Words[i];
            if (Fault(word) is { } fault)
            {
                throw new InvalidDataException($"The transcript is malformed: word {i} {fault}.");
            }

            words[i] = new Word(word!.Text, TimeSpan.FromMilliseconds(word.StartMs), TimeSpan.FromMilliseconds(word.EndMs), word.Confidence);
        }

        return new Transcript(wire.Language, words);
    }

    private static async Task<WireTranscript> DeserializeAsync(Stream stream, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(stream, Wire.WireTranscript, cancellationToken)
                ?? throw new InvalidDataException("The transcript is malformed: it is null.");
        }
        catch (JsonException malformed)
        {
            throw new InvalidDataException($"The transcript is malformed: {malformed.Message}", malformed);
        }
    }

    private static string? Fault(WireWord? word) => word switch
    {
        null => "is null",
        { Text: var text } when string.IsNullOrWhiteSpace(text) => "has no text",
        { StartMs: < 0 } => "starts before the media",
        { EndMs: var end, StartMs: var start } when end < start => "ends before it starts",
        { EndMs: var end } when end > LongestMs => "ends too late to be represented",
        { Confidence: not (>= 0 and <= 1) } => "has a confidence outside 0 to 1",
        _ => null,
    };

    private sealed record WireTranscript(string Language, IReadOnlyList<WireWord?> Words);

    private sealed record WireWord(string Text, long StartMs, long EndMs, double Confidence);

    [JsonSerializable(typeof(WireTranscript))]
    private sealed partial class WireContext : JsonSerializerContext;
}
