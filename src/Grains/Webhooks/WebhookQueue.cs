using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.Database;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Grains.Webhooks;

/// <summary>
/// The tables as those who send see them. Every transaction here locks endpoints before deliveries. An event is sent by whoever holds
/// its lease, which runs out by the database's clock; of one job's events for an endpoint only the first that is pending is given out.
/// </summary>
internal sealed class WebhookQueue(NpgsqlDataSource database, IOptions<WebhookOptions> options)
{
    /// <summary>Of each event the last so many attempts are kept; by itself none comes to as many.</summary>
    private const int KeptAttempts = 30;

    /// <summary>Time for what comes before and after an attempt.</summary>
    private static readonly TimeSpan LeaseMargin = TimeSpan.FromSeconds(20);

    /// <summary>How long an event may wait for its last attempt when its time is over.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private TimeSpan Lease => options.Value.Timeout + LeaseMargin;

    /// <summary>Takes events that are due, those of the endpoints first that have waited longest.</summary>
    /// <param name="limit">How many.</param>
    /// <param name="now">The time by which they are due.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<List<ClaimedDelivery>> Claim(int limit, DateTimeOffset now, CancellationToken cancellationToken) => database.Transact(async connection =>
    {
        // Whoever holds an endpoint's lock counts what is under way to it; another sender passes it over and takes others.
        var endpoints = await connection.Read(
            """
            select e.endpoint_id, e.failures, e.failing_since, e.next_probe_at,
                   (select count(*) from webhook_delivery d where d.endpoint_id = e.endpoint_id and d.state = 'pending' and d.leased_until > now())
            from (select distinct endpoint_id from webhook_delivery where state = 'pending' and next_attempt_at <= $1) as waiting
            join webhook_endpoint e using (endpoint_id)
            where e.disabled_because is null and (e.next_probe_at is null or e.next_probe_at <= $1)
              and (select count(*) from webhook_delivery d
                   where d.endpoint_id = e.endpoint_id and d.state = 'pending' and d.leased_until > now()) < $3
              and exists (
                  select from webhook_delivery d
                  where d.endpoint_id = e.endpoint_id and d.state = 'pending' and d.next_attempt_at <= $1
                    and (d.leased_until is null or d.leased_until <= now())
                    and not exists (
                        select from webhook_delivery b
                        where b.endpoint_id = d.endpoint_id and b.job_id = d.job_id and b.state = 'pending' and b.sequence < d.sequence))
            order by e.served_at nulls first, e.endpoint_id
            limit $2
            for no key update of e skip locked
            """,
            [now, limit, (long)options.Value.ConcurrencyPerEndpoint],
            row => (Id: row.GetGuid(0),
                Health: new EndpointHealth(row.GetInt32(1), row.Nullable<DateTimeOffset>(2), row.Nullable<DateTimeOffset>(3), DisabledBecause: null)),
            cancellationToken);
        return endpoints is [] ? [] : await Claim(connection, endpoints, limit, now, cancellationToken);
    }, cancellationToken);

    /// <summary>Notes what came of an attempt, in one commit with what it means for the event and the endpoint.</summary>
    /// <returns>What the event is now; null if the lease was lost, or the endpoint is deleted.</returns>
    public Task<WebhookDeliveryState?> Record(
        ClaimedDelivery delivery, WebhookAttempt attempt, TimeSpan? retryAfter, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.Transact<WebhookDeliveryState?>(async connection =>
    {
        var health = (await connection.Read(
            """
            select failures, failing_since, next_probe_at, disabled_because from webhook_endpoint
            where endpoint_id = $1 for no key update
            """,
            [delivery.EndpointId],
            row => new EndpointHealth(
                row.GetInt32(0), row.Nullable<DateTimeOffset>(1), row.Nullable<DateTimeOffset>(2),
                row.IsDBNull(3) ? null : StoredName.Parse<WebhookDisabled>(row.GetString(3))),
            cancellationToken)).SingleOrDefault();
        if (health is null)
        {
            return null;
        }

        var next = attempt.Fault is null or WebhookFault.Gone
            ? null
            : DeliverySchedule.Next(delivery.Tries, delivery.TriedFrom, retryAfter, now, options.Value);
        var state = attempt.Fault is null ? WebhookDeliveryState.Delivered : next is null ? WebhookDeliveryState.Expired : WebhookDeliveryState.Pending;
        var noted = await connection.Execute(
            """
            update webhook_delivery
            set state = $4, next_attempt_at = coalesce($5::timestamptz, next_attempt_at), ended_at = $6::timestamptz, lease_token = null, leased_until = null
            where endpoint_id = $1 and event_id = $2 and lease_token = $3
            """,
            [
                delivery.EndpointId, delivery.EventId, delivery.Lease, StoredName.Of(state), next,
                state == WebhookDeliveryState.Pending ? null : (DateTimeOffset?)now,
            ],
            cancellationToken);
        if (noted == 0)
        {
            return null;
        }

        await Log(connection, delivery, attempt, cancellationToken);
        await Note(connection, delivery.EndpointId, health, attempt.Fault is { } fault ? health.Failed(fault, now, options.Value) : health.Succeeded(), now);
        return state;
    }, cancellationToken);

    /// <summary>Gives up what nobody has sent within its time: its endpoint is disabled, or is only probed, or no silo ran.</summary>
    public Task<int> Expire(DateTimeOffset now, int limit, CancellationToken cancellationToken) => database.Execute(
        """
        update webhook_delivery d set state = 'expired', ended_at = $2, lease_token = null, leased_until = null
        from (
            select endpoint_id, event_id from webhook_delivery
            where state = 'pending' and tried_from < $1 and (leased_until is null or leased_until <= now())
            order by tried_from limit $3 for update skip locked) as overdue
        where d.endpoint_id = overdue.endpoint_id and d.event_id = overdue.event_id
        """,
        [now - options.Value.GiveUpAfter - Patience, now, limit],
        cancellationToken);

    public Task<int> DeleteOld(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken) => database.Execute(
        """
        delete from webhook_delivery d
        using (select endpoint_id, event_id from webhook_delivery where ended_at < $1 order by ended_at limit $2 for update skip locked) as old
        where d.endpoint_id = old.endpoint_id and d.event_id = old.event_id
        """,
        [endedBefore, limit],
        cancellationToken);

    /// <summary>The second statement sees what was committed before the endpoints were locked: nobody else gives their events out now.</summary>
    private async Task<List<ClaimedDelivery>> Claim(
        NpgsqlConnection connection, List<(Guid Id, EndpointHealth Health)> endpoints, int limit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var claimed = await connection.Read(
            """
            with places as materialized (
                select asked.endpoint_id, asked.ordinal,
                       asked.places - (select count(*) from webhook_delivery d
                                       where d.endpoint_id = asked.endpoint_id and d.state = 'pending' and d.leased_until > now()) as free
                from unnest($1::uuid[], $2::bigint[]) with ordinality as asked (endpoint_id, places, ordinal)),
            due as materialized (
                select places.endpoint_id, next.event_id
                from places cross join lateral (
                    select d.event_id, d.next_attempt_at from webhook_delivery d
                    where d.endpoint_id = places.endpoint_id and d.state = 'pending' and d.next_attempt_at <= $3
                      and (d.leased_until is null or d.leased_until <= now())
                      and not exists (
                          select from webhook_delivery b
                          where b.endpoint_id = d.endpoint_id and b.job_id = d.job_id and b.state = 'pending' and b.sequence < d.sequence)
                    order by d.next_attempt_at, d.event_id
                    limit greatest(places.free, 0)) as next
                order by places.ordinal, next.next_attempt_at
                limit $4)
            update webhook_delivery d
            set lease_token = gen_random_uuid(), leased_until = now() + $5, attempts = attempts + 1, tries = tries + 1
            from due join webhook_endpoint e using (endpoint_id)
            where d.endpoint_id = due.endpoint_id and d.event_id = due.event_id
            returning d.endpoint_id, d.event_id, d.lease_token, d.attempts, d.tries, d.tried_from, d.payload, e.url, e.secret, e.previous_secret, e.previous_until
            """,
            [
                endpoints.Select(endpoint => endpoint.Id).ToArray(),
                endpoints.Select(endpoint => (long)endpoint.Health.Places(options.Value)).ToArray(), now, limit, Lease,
            ],
            row => new ClaimedDelivery(
                row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetInt32(3), row.GetInt32(4), row.GetFieldValue<DateTimeOffset>(5), row.GetString(6),
                row.GetString(7), row.GetFieldValue<byte[]>(8), row.IsDBNull(9) ? null : row.GetFieldValue<byte[]>(9), row.Nullable<DateTimeOffset>(10)),
            cancellationToken);
        var served = endpoints.Where(endpoint => claimed.Exists(delivery => delivery.EndpointId == endpoint.Id)).ToList();
        await connection.Execute(
            """
            update webhook_endpoint e set served_at = $3, next_probe_at = served.next_probe_at
            from unnest($1::uuid[], $2::timestamptz[]) as served (endpoint_id, next_probe_at) where e.endpoint_id = served.endpoint_id
            """,
            [
                served.Select(endpoint => endpoint.Id).ToArray(),
                served.Select(endpoint => endpoint.Health.Served(now, options.Value).NextProbeAt).ToArray(), now,
            ],
            cancellationToken);
        return claimed;
    }

    private static async Task Log(NpgsqlConnection connection, ClaimedDelivery delivery, WebhookAttempt attempt, CancellationToken cancellationToken)
    {
        await connection.Execute(
            """
            insert into webhook_attempt (endpoint_id, event_id, attempt, at, duration_ms, status, fault, response)
            values ($1, $2, $3, $4, $5, $6::int, $7::text, $8::text)
            """,
            [
                delivery.EndpointId, delivery.EventId, delivery.Attempt, attempt.At, (long)attempt.Duration.TotalMilliseconds, attempt.Status,
                attempt.Fault is { } fault ? StoredName.Of(fault) : null, attempt.Response,
            ],
            cancellationToken);
        if (delivery.Attempt > KeptAttempts)
        {
            await connection.Execute(
                "delete from webhook_attempt where endpoint_id = $1 and event_id = $2 and attempt <= $3",
                [delivery.EndpointId, delivery.EventId, delivery.Attempt - KeptAttempts],
                cancellationToken);
        }
    }

    private static async Task Note(NpgsqlConnection connection, Guid endpointId, EndpointHealth before, EndpointHealth after, DateTimeOffset now)
    {
        if (after == before)
        {
            return;
        }

        await connection.Execute(
            """
            update webhook_endpoint set failures = $2, failing_since = $3::timestamptz, next_probe_at = $4::timestamptz, disabled_because = $5::text
            where endpoint_id = $1
            """,
            [
                endpointId, after.Failures, after.FailingSince, after.NextProbeAt,
                after.DisabledBecause is { } because ? StoredName.Of(because) : null,
            ]);
        if (before.State == WebhookHealth.Failing && after.State == WebhookHealth.Active)
        {
            // It is back: what failed meanwhile need not wait out its hours.
            await WebhookStore.SendAtOnce(connection, endpointId, now);
        }
    }
}

/// <summary>An event that is to be sent now, by whoever holds this.</summary>
/// <param name="EndpointId">To which endpoint.</param>
/// <param name="EventId">The event's id.</param>
/// <param name="Lease">Shows that it is still held when its outcome is noted.</param>
/// <param name="Attempt">The number of this attempt, from 1.</param>
/// <param name="Tries">The same, since it was last wished by hand.</param>
/// <param name="TriedFrom">When the first of these was due.</param>
/// <param name="Payload">What is sent.</param>
/// <param name="Url">Where to.</param>
/// <param name="Secret">Signs it.</param>
/// <param name="PreviousSecret">Signs it too, until <paramref name="PreviousUntil"/>.</param>
/// <param name="PreviousUntil">Null if there is none.</param>
internal sealed record ClaimedDelivery(
    Guid EndpointId,
    Guid EventId,
    Guid Lease,
    int Attempt,
    int Tries,
    DateTimeOffset TriedFrom,
    string Payload,
    string Url,
    byte[] Secret,
    byte[]? PreviousSecret,
    DateTimeOffset? PreviousUntil)
{
    public IReadOnlyList<byte[]> SecretsAt(DateTimeOffset now) => PreviousSecret is { } previous && now < PreviousUntil ? [Secret, previous] : [Secret];

    /// <summary>Neither where it goes, which may have a secret in it, nor what with.</summary>
    public override string ToString() => $"event {EventId} to {EndpointId}";
}
