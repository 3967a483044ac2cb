using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Jobs;
using Npgsql;

namespace AX2Caption.Grains.Webhooks;

/// <summary>Keeps what happens to jobs for the endpoints that are to be told, in the transaction in which it happens: both are so or neither.</summary>
internal static class WebhookEvents
{
    /// <summary>The event that a change of a job is, if it is one, for each endpoint of the account that wants it. Where there is none, nothing is written.</summary>
    public static Task Insert(NpgsqlConnection connection, CaptionJob before, CaptionJob after)
    {
        if (before.State == after.State || TypeOf(after.State) is not { } type)
        {
            return Task.CompletedTask;
        }

        var at = after.EndedAt ?? after.StartedAt ?? throw new InvalidOperationException($"Job {after.JobId} is {after.State} since no time.");
        var eventId = Guid.CreateVersion7(at);
        // The lock waits for a deletion of the endpoint, which then is not there; a sender's bookkeeping does not hold it up.
        return connection.Execute(
            """
            insert into webhook_delivery
                (endpoint_id, event_id, type, job_id, sequence, payload, state, created_at, tried_from, next_attempt_at)
            select endpoint_id, $2, $3, $4, $5, $6, 'pending', $7, $7, $7
            from (
                select endpoint_id from webhook_endpoint
                where account_id = $1 and disabled_because is null and $3 = any (events)
                order by endpoint_id for key share) as told
            """,
            [after.AccountId, eventId, type, after.JobId, after.Version, WebhookPayload.Of(eventId, type, at, after), at]);
    }

    private static string? TypeOf(JobState state) => state switch
    {
        JobState.Processing => WebhookEventTypes.JobStarted,
        JobState.Succeeded => WebhookEventTypes.JobSucceeded,
        JobState.Failed => WebhookEventTypes.JobFailed,
        JobState.Canceled => WebhookEventTypes.JobCanceled,
        _ => null,
    };
}
