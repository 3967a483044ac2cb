using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Jobs;

namespace AX2Caption.Grains.Webhooks;

/// <summary>Keeps what happens to jobs for the endpoints that are to be told, in the transaction in which it happens: both are so or neither.</summary>
internal static class WebhookEvents
{
    /// <summary>The events that changes of jobs are, if they are any, for each endpoint of their accounts that wants them. Where there is none, nothing is written.</summary>
    public static void Insert(SqlBatch batch, IEnumerable<(CaptionJob Before, CaptionJob After)> changes)
    {
        var events = changes
            .Where(change => change.Before.State != change.After.State)
            .Select(change => Of(change.After))
            .OfType<Event>()
            .ToList();
        if (events.Count == 0)
        {
            return;
        }

        // The lock waits for a deletion of the endpoint, which then is not there; a sender's bookkeeping does not hold it up.
        batch.Execute(
            """
            with event as materialized (
                select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::bigint[], $6::text[], $7::timestamptz[])
                    as t (account_id, event_id, type, job_id, sequence, payload, at)),
            told as materialized (
                select endpoint_id, account_id, events from webhook_endpoint
                where account_id = any ($1) and disabled_because is null
                order by endpoint_id for key share)
            insert into webhook_delivery
                (endpoint_id, event_id, type, job_id, sequence, payload, state, created_at, tried_from, next_attempt_at)
            select endpoint_id, event_id, type, job_id, sequence, payload, 'pending', at, now(), now()
            from event join told using (account_id) where type = any (told.events)
            """,
            [
                events.Select(one => one.AccountId).ToArray(),
                events.Select(one => one.EventId).ToArray(),
                events.Select(one => one.Type).ToArray(),
                events.Select(one => one.JobId).ToArray(),
                events.Select(one => one.Sequence).ToArray(),
                events.Select(one => one.Payload).ToArray(),
                events.Select(one => one.At).ToArray(),
            ]);
    }

    private static Event? Of(CaptionJob job)
    {
        if (TypeOf(job.State) is not { } type)
        {
            return null;
        }

        var at = job.EndedAt ?? job.StartedAt ?? throw new InvalidOperationException($"Job {job.JobId} is {job.State} since no time.");
        var eventId = Guid.CreateVersion7(at);
        return new Event(job.AccountId, eventId, type, job.JobId, job.Version, WebhookPayload.Of(eventId, type, at, job), at);
    }

    private static string? TypeOf(JobState state) => state switch
    {
        JobState.Processing => WebhookEventTypes.JobStarted,
        JobState.Succeeded => WebhookEventTypes.JobSucceeded,
        JobState.Failed => WebhookEventTypes.JobFailed,
        JobState.Canceled => WebhookEventTypes.JobCanceled,
        _ => null,
    };

    private sealed record Event(Guid AccountId, Guid EventId, string Type, Guid JobId, long Sequence, string Payload, DateTimeOffset At);
}
