using System.Text;
using System.Text.Json;
using AX2Caption.Api.Errors;

namespace AX2Caption.Api.Tests.Fuzzing;

/// <summary>What must be true of every answer, whatever was asked.</summary>
/// <param name="canaries">What belongs to somebody else and must not be seen.</param>
/// <param name="folder">A place on the server, which must not be seen either.</param>
internal sealed class AnswerCheck(IReadOnlyList<string> canaries, string folder)
{
    /// <summary>What only code, SQL and the machine know. No request holds any of it, so no echo does.</summary>
    private readonly string[] inside =
    [
        folder, "   at ", "System.", "Microsoft.", "Npgsql", "Orleans", "AX2Caption.", ".cs:line", "Exception", "StackTrace", "select ",
        "insert into", "Parameter '", "Nullable", "Kestrel",
    ];

    private static readonly Dictionary<string, Error> Table = ErrorTable.All.ToDictionary(error => error.Code);

    /// <summary>What the server answers by itself to what is no HTTP.</summary>
    private static readonly int[] OfTheServer = [400, 408, 411, 413, 414, 417, 431];

    /// <returns>What is wrong with it, or null.</returns>
    public string? Fault(FuzzRequest request, RawAnswer? answer)
    {
        if (answer is null)
            return request.MayBeNoHttp ? null : "There is no answer.";
        if (answer.Status >= 500)
            return $"The status is {answer.Status}.";
        if (answer.Header("server") is not null)
            return "The server says what it is.";
        if (answer.Headers.Any(header => header.Name == "x-injected"))
            return "A header of the request came back as one of the answer's.";
        if (Leak(request, answer) is { } leak)
            return leak;
        if (inside.FirstOrDefault(word => answer.Text.Contains(word, StringComparison.Ordinal)) is { } told && !IsCaptions(answer))
            return $"The body tells '{told}'.";
        if (answer.Header("x-request-id") is not { } id)
        {
            return request.MayBeNoHttp && OfTheServer.Contains(answer.Status) && answer.Body is []
                ? null : "There is no X-Request-Id.";
        }

        return answer.Status < 400 || request.Method == "HEAD" ? null : ProblemFault(answer, id);
    }

    private string? Leak(FuzzRequest request, RawAnswer answer)
    {
        var all = $"{answer.Head}\n{answer.Text}";
        var seen = canaries.Where(canary => all.Contains(canary, StringComparison.OrdinalIgnoreCase)).ToList();
        if (seen is [])
            return null;

        // What the request held is an echo. Operators may see whom their log is about and whose jobs there are; what is
        // secret of them is in neither.
        var sent = Encoding.Latin1.GetString(request.Wire());
        var mayNameAnybody = request is { Actor.Name: "operator", Operation.Path: "/v1/admin/audit-events" or "/v1/admin/jobs" };
        return seen.Find(canary => !(mayNameAnybody && Guid.TryParse(canary, out _)) && !sent.Contains(canary, StringComparison.OrdinalIgnoreCase)) is { } leaked
            ? $"The answer holds another's '{leaked}'."
            : null;
    }

    /// <summary>Captions are what people said, which may be anything.</summary>
    private static bool IsCaptions(RawAnswer answer) =>
        answer.Header("content-type") is { } type
        && (type.StartsWith("text/vtt", StringComparison.Ordinal) || type.StartsWith("application/x-subrip", StringComparison.Ordinal));

    private static string? ProblemFault(RawAnswer answer, string id)
    {
        if (answer.Header("content-type") != "application/problem+json")
            return $"The error's media type is '{answer.Header("content-type")}'.";
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            var problem = document.RootElement;
            var code = problem.GetProperty("code").GetString()!;
            if (!Table.TryGetValue(code, out var error))
                return $"There is no code '{code}'.";
            if (error.Status != answer.Status || problem.GetProperty("status").GetInt32() != answer.Status)
                return $"The code '{code}' came with the status {answer.Status}.";
            if (problem.GetProperty("title").GetString() != error.Title || problem.GetProperty("type").GetString() != $"urn:ax2caption:error:{code}")
                return "Title or type is not the code's.";
            if (problem.GetProperty("detail").GetString() is null or "")
                return "There is no detail.";
            if (problem.GetProperty("requestId").GetString() != id)
                return "The request's id is not the header's.";
            return problem.TryGetProperty("errors", out var fields) && !AreFields(fields) ? "The field errors are not as documented." : null;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"The error is no problem document: {exception.Message}";
        }
    }

    private static bool AreFields(JsonElement fields) =>
        fields.GetArrayLength() is > 0 and <= 20
        && fields.EnumerateArray().All(field =>
            field.GetProperty("message").GetString() is { Length: > 0 } && field.GetProperty("field").ValueKind == JsonValueKind.String);
}
