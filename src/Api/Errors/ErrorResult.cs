using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace AX2Caption.Api.Errors;

/// <summary>Answers a request with an error of the table.</summary>
internal sealed class ErrorResult(Error error, string detail) : IResult
{
    public Error Error => error;

    public string Detail => detail;

    public IReadOnlyList<(string Name, object Value)> Members { get; init; } = [];

    public IReadOnlyList<FieldError> Fields { get; init; } = [];

    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>The same, telling the client when another try makes sense.</summary>
    public ErrorResult After(TimeSpan wait) => new(error, detail) { Members = Members, Fields = Fields, RetryAfter = wait };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = error.Status;
        // RFC 9110, section 15.5.2: a 401 always says how to authenticate.
        if (error.Status == StatusCodes.Status401Unauthorized && response.Headers.WWWAuthenticate.Count == 0)
            response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        if (RetryAfter is { } wait)
            response.Headers.RetryAfter = HeaderUtilities.FormatNonNegativeInt64((long)Math.Ceiling(wait.TotalSeconds));

        var problem = new Problem(
            $"urn:ax2caption:error:{error.Code}", error.Title, error.Status, detail, error.Code, httpContext.TraceIdentifier)
        {
            Errors = Fields is [] ? null : Fields,
            Members = Members.ToDictionary(member => member.Name, member => (object?)member.Value),
        };
        var json = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        // RequestAborted may be the very time limit that is reported here.
        return response.WriteAsJsonAsync(problem, json, Problem.ContentType, CancellationToken.None);
    }
}
