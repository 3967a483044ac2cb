using System.Net;
using System.Text.Json;

namespace AX2Caption.Testing.Speech;

/// <summary>How a <see cref="SpeechServer"/> answers a request.</summary>
public abstract record SpeechAnswer
{
    private SpeechAnswer()
    {
    }

    /// <summary>It takes the request and never answers.</summary>
    public static SpeechAnswer Stalled { get; } = new Stall();

    /// <summary>The connection ends in the middle of the answer.</summary>
    public static SpeechAnswer CutOff { get; } = new Cut();

    /// <summary>An error as documented.</summary>
    public static SpeechAnswer Error(HttpStatusCode status, string message, string? code, string? retryAfter = null) => new Raw(
        status,
        JsonSerializer.Serialize(new { error = new { message, type = status >= HttpStatusCode.InternalServerError ? "server_error" : "invalid_request_error", param = (string?)null, code } }))
    {
        Headers = retryAfter is null ? [] : new() { ["Retry-After"] = retryAfter },
    };

    /// <summary>A body with status 200, whatever it is.</summary>
    public static SpeechAnswer Ok(string body) => new Raw(HttpStatusCode.OK, body);

    /// <summary>A transcription.</summary>
    /// <param name="Language">As Whisper names it: in English, lower case.</param>
    /// <param name="Segments">What was said.</param>
    /// <param name="SegmentsOnly">As servers do that know no words.</param>
    public sealed record Heard(string Language, IReadOnlyList<SpokenSegment> Segments, bool SegmentsOnly = false) : SpeechAnswer
    {
        internal object Render(SpeechRequest request)
        {
            var text = string.Concat(Segments.Select(segment => segment.Text));
            if (request.Format != "verbose_json")
                return new { text };

            var body = new Dictionary<string, object> { ["task"] = "transcribe", ["language"] = Language, ["duration"] = request.Seconds, ["text"] = text };
            if (request.Granularities.Contains("word") && !SegmentsOnly)
                body["words"] = Segments.SelectMany(segment => segment.Words).Select(word => new { word = word.Text, start = word.Start, end = word.End });
            if (request.Granularities is [] || request.Granularities.Contains("segment"))
                body["segments"] = Segments.Select((segment, id) => new
                {
                    id,
                    seek = 0,
                    start = segment.Start,
                    end = segment.End,
                    text = segment.Text,
                    tokens = Array.Empty<int>(),
                    temperature = 0.0,
                    avg_logprob = segment.AverageLogProbability,
                    compression_ratio = 1.2,
                    no_speech_prob = segment.NoSpeechProbability,
                });
            return body;
        }
    }

    /// <summary>Anything.</summary>
    public sealed record Raw(HttpStatusCode Status, string Body, string ContentType = "application/json") : SpeechAnswer
    {
        /// <summary>Headers beside the usual ones.</summary>
        public Dictionary<string, string> Headers { get; init; } = [];
    }

    internal sealed record Cut : SpeechAnswer;

    internal sealed record Stall : SpeechAnswer;
}

/// <summary>A stretch of speech as models part it; times are seconds from the start of the file.</summary>
public sealed record SpokenSegment(
    double Start,
    double End,
    string Text,
    IReadOnlyList<SpokenWord> Words,
    double AverageLogProbability = -0.2,
    double NoSpeechProbability = 0.01);

/// <summary>A word with its times.</summary>
public sealed record SpokenWord(string Text, double Start, double End);
