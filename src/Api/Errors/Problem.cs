using System.Text.Json.Serialization;

namespace AX2Caption.Api.Errors;

/// <summary>An error, in the shape of RFC 9457.</summary>
/// <param name="Type">Names the kind of error: <c>urn:ax2caption:error:</c> and the code.</param>
/// <param name="Title">The kind of error in a sentence.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong this time.</param>
/// <param name="Code">Stable name of the kind of error; docs/errors.md lists them.</param>
/// <param name="RequestId">Names the request, for questions to the operator.</param>
internal sealed record Problem(string Type, string Title, int Status, string Detail, string Code, string RequestId)
{
    public const string ContentType = "application/problem+json";

    /// <summary>What is wrong with which values of the request, 20 at the most; not there if it is not about any value.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FieldError>? Errors { get; init; }

    /// <summary>More facts about some kinds of error.</summary>
    [JsonExtensionData]
    public Dictionary<string, object?>? Members { get; init; }
}
