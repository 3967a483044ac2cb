using System.Text.Json;
using System.Text.Json.Serialization;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.Jobs;

namespace AX2Caption.Grains.Webhooks;

/// <summary>The body of an event. It only grows: receivers are told to pass over what they do not know.</summary>
/// <param name="Id">The event's id.</param>
/// <param name="Type">What happened.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="Sequence">Grows with each event of one job; left out of a ping.</param>
/// <param name="Data">What it happened to.</param>
internal sealed record WebhookPayload(
    Guid Id,
    string Type,
    DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Sequence,
    WebhookPayload.Content Data)
{
    // Escapes make it ASCII: nothing on the way can take it for another encoding.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static string Of(Guid eventId, string type, DateTimeOffset at, CaptionJob job) =>
        JsonSerializer.Serialize(new WebhookPayload(eventId, type, at, job.Version, new Content(ToldJob.Of(job))), Json);

    public static string OfPing(Guid eventId, DateTimeOffset at) =>
        JsonSerializer.Serialize(new WebhookPayload(eventId, WebhookEventTypes.Ping, at, null, new Content(null)), Json);

    internal sealed record Content([property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ToldJob? Job);

    /// <summary>A job as it was in that moment, with names and values of the API's; progress and links are left to it.</summary>
    internal sealed record ToldJob(
        Guid Id,
        Guid VideoId,
        string State,
        string Language,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DetectedLanguage,
        string Profile,
        long Price,
        ToldFailure? Failure,
        DateTimeOffset CreatedAt,
        DateTimeOffset? StartedAt,
        DateTimeOffset? EndedAt)
    {
        public static ToldJob Of(CaptionJob job) => new(
            job.JobId, job.VideoId, NameOf(job.State), job.Language, job.DetectedLanguage, job.Profile, job.Price, ToldFailure.Of(job.Failure), job.CreatedAt,
            job.StartedAt, job.EndedAt);

        private static string NameOf(JobState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{state}");
    }

    internal sealed record ToldFailure(string Code, string Message)
    {
        public static ToldFailure? Of(Failure? failure) => failure is null ? null : new(failure.Code, failure.Message);
    }
}
