using System.ComponentModel;
using AX2Caption.Api.Errors;
using Microsoft.AspNetCore.Mvc;

namespace AX2Caption.Api.Jobs;

/// <summary>What happens to jobs, as server-sent events.</summary>
internal static class JobStreamEndpoints
{
    public const string LastEventIdHeader = "Last-Event-ID";

    private const string LastEventIdDescription = "The id of the last event that the client has, to go on after it.";

    public static void MapJobStreams(this IEndpointRouteBuilder jobs)
    {
        Describe(jobs.MapGet("/{id:guid}/events", Follow))
            .Produces(StatusCodes.Status204NoContent)
            .Refuses(ErrorTable.JobNotFound)
            .WithSummary("Follows a job to its end")
            .WithDescription(
                "Server-sent events: 'progress' with the job as it is and whenever it changes, at the end 'succeeded', 'failed' or 'canceled', and then no more. "
                + "Who has seen the end is answered 204.");
        Describe(jobs.MapGet("/events", FollowAll))
            .WithSummary("Follows all jobs of the account")
            .WithDescription(
                "Server-sent events: 'progress' with each live job and whenever one changes or is new, and 'succeeded', 'failed' or 'canceled' when one ends. "
                + "After Last-Event-ID, what changed since then, ends included.");
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint)
    {
        // A stream has an end of its own.
        endpoint.DisableRequestTimeout();
        return endpoint
            .Produces<string>(StatusCodes.Status200OK, EventStream.MediaType)
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.TooManyStreams);
    }

    private static Task<IResult> Follow(
        Guid id,
        [FromHeader(Name = LastEventIdHeader), EventId, Description(LastEventIdDescription)] string? lastEvent,
        [EventId, Description("The same, for clients that cannot send the header, which counts if there are both.")] string? lastEventId,
        HttpContext context,
        JobStreams streams) =>
        Read(lastEvent, lastEventId, out var seen) is { } invalid ? Task.FromResult<IResult>(invalid) : streams.Follow(id, seen, context);

    private static Task<IResult> FollowAll(
        [FromHeader(Name = LastEventIdHeader), EventId, Description(LastEventIdDescription)] string? lastEvent,
        [EventId, Description("The same, for clients that cannot send the header, which counts if there are both.")] string? lastEventId,
        HttpContext context,
        JobStreams streams) =>
        Read(lastEvent, lastEventId, out var seen) is { } invalid ? Task.FromResult<IResult>(invalid) : streams.FollowAll(seen, context);

    /// <returns>Null if the id, which may be absent or empty, can be used.</returns>
    private static ErrorResult? Read(string? header, string? query, out EventId? seen)
    {
        seen = null;
        var text = string.IsNullOrEmpty(header) ? query : header;
        return string.IsNullOrEmpty(text) || EventId.TryParse(text, out seen)
            ? null
            : ErrorTable.InvalidRequest.About(LastEventIdHeader, "must be the id of an event of this stream.");
    }
}
