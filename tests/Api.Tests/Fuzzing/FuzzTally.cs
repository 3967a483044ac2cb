using System.Collections.Concurrent;
using System.Text.Json;

namespace AX2Caption.Api.Tests.Fuzzing;

/// <summary>What came of the requests, to see that they were more than knocking at a closed door.</summary>
internal sealed class FuzzTally
{
    /// <summary>Codes of refusals that come before the handler, or that need no operation.</summary>
    private static readonly HashSet<string> AtTheDoor =
    [
        "invalid_request", "unsupported_content_type", "body_too_large", "not_found", "method_not_allowed", "token_missing", "token_invalid",
        "token_expired", "session_ended", "member_only",
        "operator_only", "too_many_requests", "request_too_slow", "idempotency_key_missing", "idempotency_key_invalid",
    ];

    private readonly ConcurrentQueue<(FuzzRequest Request, int Status, string? Code)> answers = [];

    public void Add(FuzzRequest request, RawAnswer? answer) =>
        answers.Enqueue((request, answer?.Status ?? 0, answer is { Status: >= 400 } ? CodeOf(answer) : null));

    public int Count(Func<FuzzRequest, int, string?, bool> which) => answers.Count(answer => which(answer.Request, answer.Status, answer.Code));

    /// <summary>How many requests to an operation, as itself, were answered by its handler.</summary>
    public int Handled(ApiOperation operation) => Count((request, status, code) =>
        request.Operation == operation && request.Path is null && request.Method == operation.Method
        && (status is >= 200 and < 300
            || (code is not null && !AtTheDoor.Contains(code))
            // An answer to HEAD has no code; who was let in and found nothing got as far as the handler, or as a path that is none.
            || (request.Method == "HEAD" && status is 403 or 404 or 410)));

    public override string ToString() => string.Join('\n', answers
        .GroupBy(answer => $"{answer.Request.Operation}")
        .Select(group => $"{group.Count(),5} {group.Key}: " + string.Join(", ", group
            .GroupBy(answer => answer.Code ?? (answer.Status == 0 ? "hung up" : $"{answer.Status}"))
            .OrderByDescending(codes => codes.Count())
            .Select(codes => $"{codes.Key} {codes.Count()}"))));

    private static string? CodeOf(RawAnswer answer)
    {
        if (answer.Body is [])
            return null;
        try
        {
            using var problem = JsonDocument.Parse(answer.Body);
            return problem.RootElement.TryGetProperty("code", out var code) ? code.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
