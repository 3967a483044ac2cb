using System.Text;
using System.Text.Json;

namespace AX2Caption.Grains.Transcription.OpenAi;

/// <summary>What a server says is wrong, for the log: on one line, bounded, and without the key, which some servers repeat.</summary>
/// <param name="Message">Its message, or all that it said where that is not in the documented shape.</param>
/// <param name="Code">Its code for programs; null if it gave none.</param>
internal sealed record ServerComplaint(string Message, string? Code)
{
    private const int Longest = 500;

    /// <summary>Whether what is paid for is used up, which waiting does not change.</summary>
    public bool IsOfSpentQuota => Code == "insufficient_quota";

    /// <param name="body">The answer. It is taken for UTF-8, as JSON is, whatever character set its header names.</param>
    /// <param name="key">What must not be repeated; null for nothing.</param>
    public static ServerComplaint Of(ReadOnlyMemory<byte> body, string? key)
    {
        var (message, code) = Documented(body);
        message ??= Encoding.UTF8.GetString(body.Span);
        if (key is not null)
            message = message.Replace(key, "[key]", StringComparison.Ordinal);
        return new ServerComplaint(string.Concat(message.Take(Longest).Select(character => char.IsControl(character) ? ' ' : character)), code);
    }

    private static (string? Message, string? Code) Documented(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("error", out var error)
                && error.ValueKind == JsonValueKind.Object
                ? (Text(error, "message"), Text(error, "code"))
                : (null, null);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // No JSON, or a string with half of a surrogate pair: whatever it is, as it is.
            return (null, null);
        }
    }

    private static string? Text(JsonElement error, string name) =>
        error.TryGetProperty(name, out var text) && text.ValueKind != JsonValueKind.Null ? text.ToString() : null;
}
