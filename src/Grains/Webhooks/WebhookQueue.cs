using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.Database;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Grains.Webhooks;

/// <summary>
/// The tables as those who send see them. What is due, what a lease lasts and how an endpoint does goes by the database's clock alone: silos
/// may differ about the time. Every transaction here locks endpoints before deliveries, or takes what it need not wait for. An event is sent
/// by whoever holds its lease; of one job's events for an endpoint only the first that is pending is given out.
/// </summary>
internal sealed class WebhookQueue(NpgsqlDataSource database, IOptions<WebhookOptions> options)
{
    /// <summary>Of each event the last so many attempts are kept; by itself none comes to as many.</summary>
    private const int KeptAttempts = 30;

    /// <summary>Of each endpoint so many events at most are put off in one claim.</summary>
    private const int PutOffAtOnce = 5_000;

    /// <summary>Time for what comes before and after an attempt.</summary>
    private static readonly TimeSpan LeaseMargin = TimeSpan.FromSeconds(20);

    /// <summary>How long an event may wait for its last attempt when its time is over.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private TimeSpan Lease => options.Value.Timeout + LeaseMargin;

    /// <summary>Takes events that are due, those of the endpoints first that have waited longest.</summary>
    /// <param name="limit">How many.</param>
    /// <param name="underWay">Events that this silo is sending, by account.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<List<ClaimedDelivery>> Claim(int limit, IReadOnlyDictionary<Guid, int> underWay, CancellationToken cancellationToken) =>
        database.Transact(async connection =>
    {
        // However many rows there are, few are looked at, in the order of an index; the planner cannot know, and takes other ways. What is
        // found by its job or its id has `is true` around its state, which keeps it from the indexes of all that is pending; by its job also
        // around its endpoint, which keeps it from those of all that an endpoint has: where each had one event when the planner was last told,
        // they seem as good.
        await connection.Execute(
            """
            set local jit = off; set local enable_seqscan = off; set local enable_bitmapscan = off; set local enable_sort = off;
            set local enable_hashjoin = off; set local enable_mergejoin = off
            """,
            [],
            cancellationToken);

        // From one endpoint with events to the next, and of each that may be sent to one event is looked for that can be sent or put off: endpoints that
        // have none cost nothing. Whoever holds an endpoint's lock counts what is under way to it; another sender passes it over and takes others.
        var endpoints = await connection.Read(
            """
            with recursive concerned (endpoint_id) as (
                (select endpoint_id from webhook_delivery where state = 'pending' order by endpoint_id limit 1)
                union all
                select (select d.endpoint_id from webhook_delivery d
                        where d.state = 'pending' and d.endpoint_id > concerned.endpoint_id order by d.endpoint_id limit 1)
                from concerned where concerned.endpoint_id is not null),
            waiting as materialized (
                select e.endpoint_id, e.account_id, e.served_at
                from concerned join webhook_endpoint e using (endpoint_id)
                cross join lateral (
                    select from webhook_delivery d
                    where d.endpoint_id = e.endpoint_id and d.state = 'pending' and d.next_attempt_at <= now()
                      and (d.leased_until is null or d.leased_until <= now())
                      and not exists (
                          select from webhook_delivery b
                          where (b.endpoint_id = d.endpoint_id) is true and b.job_id = d.job_id and b.sequence < d.sequence and (b.state = 'pending') is true
                            and (b.leased_until > now()) is true)
                    order by d.next_attempt_at limit 1) as next
                where e.disabled_because is null and (e.next_probe_at is null or e.next_probe_at <= now())
                  and (select count(*) from webhook_delivery d
                       where d.endpoint_id = e.endpoint_id and d.state = 'pending' and d.leased_until > now()) < $2),
            turns as materialized (
                select endpoint_id, served_at, $3 - coalesce(busy.events, 0) as room,
                       row_number() over (partition by account_id order by served_at nulls first, endpoint_id) as turn
                from waiting left join unnest($4::uuid[], $5::bigint[]) as busy (account_id, events) using (account_id))
            select e.endpoint_id, e.account_id, e.failures, e.failing_since, e.next_probe_at, now()
            from turns join webhook_endpoint e using (endpoint_id)
            where turns.turn <= turns.room and e.disabled_because is null and (e.next_probe_at is null or e.next_probe_at <= now())
            order by turns.served_at nulls first, e.endpoint_id
            limit $1
            for no key update of e skip locked
            """,
            [
                limit, (long)options.Value.ConcurrencyPerEndpoint, (long)options.Value.ConcurrencyPerAccount, underWay.Keys.ToArray(),
                underWay.Values.Select(events => (long)events).ToArray(),
            ],
            row => new WaitingEndpoint(
                row.GetGuid(0), row.GetGuid(1),
                new EndpointHealth(row.GetInt32(2), row.Nullable<DateTimeOffset>(3), row.Nullable<DateTimeOffset>(4), DisabledBecause: null),
                row.GetFieldValue<DateTimeOffset>(5)),
            cancellationToken);
        return endpoints is [] ? [] : await Claim(connection, endpoints, limit, underWay, cancellationToken);
    }, cancellationToken);

    /// <summary>Notes what came of an attempt, in one commit with what it means for the event and the endpoint.</summary>
    /// <returns>What the event is now; null if the lease was lost, or the endpoint is deleted.</returns>
    public Task<WebhookDeliveryState?> Record(
        ClaimedDelivery delivery, WebhookAttempt attempt, TimeSpan? retryAfter, CancellationToken cancellationToken) =>
        database.Transact<WebhookDeliveryState?>(async connection =>
    {
        var found = await connection.Read(
            """
            select failures, failing_since, next_probe_at, disabled_because, url, now() from webhook_endpoint
            where endpoint_id = $1 for no key update
            """,
            [delivery.EndpointId],
            row => (
                Health: new EndpointHealth(
                    row.GetInt32(0), row.Nullable<DateTimeOffset>(1), row.Nullable<DateTimeOffset>(2),
                    row.IsDBNull(3) ? null : StoredName.Parse<WebhookDisabled>(row.GetString(3))),
                Url: row.GetString(4),
                Now: row.GetFieldValue<DateTimeOffset>(5)),
            cancellationToken);
        if (found is not [var (health, url, now)])
        {
            return null;
        }

        // What an address answers that it is not sent to any more says nothing of the one that took its place.
        var isMoved = url != delivery.Url;
        DateTimeOffset? next = attempt.Fault is null ? null
            : isMoved ? now
            : attempt.Fault == WebhookFault.Gone ? null
            : DeliverySchedule.Next(delivery.Tries, delivery.TriedFrom, retryAfter, now, options.Value);
        var state = attempt.Fault is null ? WebhookDeliveryState.Delivered : next is null ? WebhookDeliveryState.Expired : WebhookDeliveryState.Pending;
        WebhookExpired? because = state != WebhookDeliveryState.Expired ? null
            : attempt.Fault == WebhookFault.Gone ? WebhookExpired.Gone
            : WebhookExpired.TimeOver;
        var noted = await connection.Execute(
            """
            update webhook_delivery
            set state = $4, next_attempt_at = coalesce($5::timestamptz, next_attempt_at), ended_at = case when $4 = 'pending' then null else now() end,
                expired_because = $6::text, lease_token = null, leased_until = null
            where endpoint_id = $1 and event_id = $2 and lease_token = $3
            """,
            [delivery.EndpointId, delivery.EventId, delivery.Lease, StoredName.Of(state), next, because is { } why ? StoredName.Of(why) : null],
            cancellationToken);
        if (noted == 0)
        {
            return null;
        }

        await Log(connection, delivery, attempt, cancellationToken);
        if (!isMoved)
        {
            await Note(connection, delivery.EndpointId, health, attempt.Fault is { } fault ? health.Failed(fault, now, options.Value) : health.Succeeded());
        }

        return state;
    }, cancellationToken);

    /// <summary>Gives up what nobody has sent within its time: its endpoint is disabled, or is only probed, or no silo ran.</summary>
    public Task<int> Expire(int limit, CancellationToken cancellationToken) => database.Execute(
        """
        update webhook_delivery d set state = 'expired', expired_because = 'time_over', ended_at = now(), lease_token = null, leased_until = null
        from (
            select endpoint_id, event_id from webhook_delivery
            where state = 'pending' and tried_from < now() - $1 and (leased_until is null or leased_until <= now())
            order by tried_from limit $2 for update skip locked) as overdue
        where d.endpoint_id = overdue.endpoint_id and d.event_id = overdue.event_id
        """,
        [options.Value.GiveUpAfter + Patience, limit],
        cancellationToken);

    public Task<int> DeleteOld(int limit, CancellationToken cancellationToken) => database.Execute(
        """
        delete from webhook_delivery d
        using (select endpoint_id, event_id from webhook_delivery where ended_at < now() - $1 order by ended_at limit $2 for update skip locked) as old
        where d.endpoint_id = old.endpoint_id and d.event_id = old.event_id
        """,
        [options.Value.KeepFor, limit],
        cancellationToken);

    /// <summary>The endpoints behind one, in the order of their ids.</summary>
    public Task<List<Guid>> EndpointsAfter(Guid endpointId, int limit, CancellationToken cancellationToken) => database.Read(
        "select endpoint_id from webhook_endpoint where endpoint_id > $1 order by endpoint_id limit $2", [endpointId, limit], row => row.GetGuid(0), cancellationToken);

    /// <summary>
    /// Gives up the oldest of what waits for endpoints for which more waits than may. What is being sent is left to whoever sends it; what was put
    /// off for one of those has its turn.
    /// </summary>
    /// <returns>How many for which endpoint; none of those that are within their bound.</returns>
    public Task<List<(Guid EndpointId, int Count)>> DropExcess(IReadOnlyList<Guid> endpoints, int limit, CancellationToken cancellationToken) => database.Read(
        """
        with edge as materialized (
            select asked.endpoint_id, last.tried_from, last.event_id
            from unnest($1::uuid[]) as asked (endpoint_id)
            cross join lateral (
                select d.tried_from, d.event_id from webhook_delivery d
                where d.endpoint_id = asked.endpoint_id and d.state = 'pending'
                order by d.tried_from desc, d.event_id desc offset $2 limit 1) as last),
        excess as materialized (
            select d.endpoint_id, d.event_id
            from edge join webhook_delivery d on d.endpoint_id = edge.endpoint_id and (d.tried_from, d.event_id) <= (edge.tried_from, edge.event_id)
            where d.state = 'pending' and (d.leased_until is null or d.leased_until <= now())
            order by d.tried_from, d.event_id limit $3 for update of d skip locked),
        dropped as (
            update webhook_delivery d
            set state = 'expired', expired_because = 'too_many_pending', ended_at = now(), lease_token = null, leased_until = null
            from excess where d.endpoint_id = excess.endpoint_id and d.event_id = excess.event_id
            returning d.endpoint_id, d.job_id, d.sequence),
        next as materialized (
            select d.endpoint_id, d.event_id
            -- By the job, whatever the planner believes, as in a claim.
            from dropped join webhook_delivery d on (d.endpoint_id = dropped.endpoint_id) is true and d.job_id = dropped.job_id and d.sequence > dropped.sequence
            where (d.state = 'pending') is true and d.next_attempt_at > now() and d.lease_token is null
              and not exists (select from excess where excess.endpoint_id = d.endpoint_id and excess.event_id = d.event_id)
            for update of d skip locked),
        freed as (
            update webhook_delivery d set next_attempt_at = now() from next where d.endpoint_id = next.endpoint_id and d.event_id = next.event_id)
        select endpoint_id, count(*)::int from dropped group by endpoint_id
        """,
        [endpoints.ToArray(), options.Value.MaximumPendingPerEndpoint, limit],
        row => (row.GetGuid(0), row.GetInt32(1)),
        cancellationToken);

    /// <summary>Forgets what ended first of what was sent to endpoints of which more is known than may be.</summary>
    public Task<int> DeleteExcess(IReadOnlyList<Guid> endpoints, int limit, CancellationToken cancellationToken) => database.Execute(
        """
        with edge as materialized (
            select asked.endpoint_id, last.ended_at, last.event_id
            from unnest($1::uuid[]) as asked (endpoint_id)
            cross join lateral (
                select d.ended_at, d.event_id from webhook_delivery d
                where d.endpoint_id = asked.endpoint_id and d.ended_at is not null
                order by d.ended_at desc, d.event_id desc offset $2 limit 1) as last),
        excess as materialized (
            select d.endpoint_id, d.event_id
            from edge join webhook_delivery d on d.endpoint_id = edge.endpoint_id and (d.ended_at, d.event_id) <= (edge.ended_at, edge.event_id)
            order by d.ended_at, d.event_id limit $3 for update of d skip locked)
        delete from webhook_delivery d using excess where d.endpoint_id = excess.endpoint_id and d.event_id = excess.event_id
        """,
        [endpoints.ToArray(), options.Value.MaximumKeptPerEndpoint, limit],
        cancellationToken);

    /// <summary>
    /// The second statement sees what was committed before the endpoints were locked: nobody else gives their events out now. What it passes
    /// over on its way, since it waits for an earlier event of its job, it puts off until just after that one is due: the next look does not come
    /// upon it again.
    /// </summary>
    private async Task<List<ClaimedDelivery>> Claim(
        NpgsqlConnection connection,
        List<WaitingEndpoint> endpoints,
        int limit,
        IReadOnlyDictionary<Guid, int> underWay,
        CancellationToken cancellationToken)
    {
        var claimed = await connection.Read(
            """
            with places as materialized (
                select asked.endpoint_id, asked.account_id, asked.room, asked.ordinal,
                       asked.places - (select count(*) from webhook_delivery d
                                       where d.endpoint_id = asked.endpoint_id and d.state = 'pending' and d.leased_until > now()) as free
                from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::bigint[]) with ordinality as asked (endpoint_id, places, account_id, room, ordinal)),
            due as materialized (
                select places.endpoint_id, next.event_id, places.room, places.ordinal, next.next_attempt_at,
                       row_number() over (partition by places.account_id order by places.ordinal, next.next_attempt_at, next.event_id) as turn
                from places cross join lateral (
                    select d.event_id, d.next_attempt_at from webhook_delivery d
                    where d.endpoint_id = places.endpoint_id and d.state = 'pending' and d.next_attempt_at <= now()
                      and (d.leased_until is null or d.leased_until <= now())
                      and not exists (
                          select from webhook_delivery b
                          where (b.endpoint_id = d.endpoint_id) is true and b.job_id = d.job_id and b.sequence < d.sequence and (b.state = 'pending') is true)
                    order by d.next_attempt_at
                    limit greatest(places.free, 0)) as next),
            taken as materialized (
                select endpoint_id, event_id from due where turn <= room order by ordinal, next_attempt_at, event_id limit $5),
            edges as materialized (
                select places.endpoint_id, case when count(due.event_id) < places.free then 'infinity' else max(due.next_attempt_at) end as edge
                from places left join due using (endpoint_id) where places.free > 0 group by places.endpoint_id, places.free),
            passed as materialized (
                select d.endpoint_id, d.event_id, before.until
                from edges
                cross join lateral (
                    select d.endpoint_id, d.event_id, d.job_id, d.sequence, d.next_attempt_at from webhook_delivery d
                    where d.endpoint_id = edges.endpoint_id and d.state = 'pending' and d.next_attempt_at <= now() and d.next_attempt_at < edges.edge
                      and (d.leased_until is null or d.leased_until <= now())
                    order by d.next_attempt_at limit $7) as d
                cross join lateral (
                    select max(b.next_attempt_at) as until from webhook_delivery b
                    where (b.endpoint_id = d.endpoint_id) is true and b.job_id = d.job_id and b.sequence < d.sequence and (b.state = 'pending') is true) as before
                where before.until >= d.next_attempt_at),
            put_off as (
                update webhook_delivery d set next_attempt_at = passed.until + interval '1 microsecond'
                from passed where d.endpoint_id = passed.endpoint_id and d.event_id = passed.event_id and (d.state = 'pending') is true)
            update webhook_delivery d
            set lease_token = gen_random_uuid(), leased_until = now() + $6, attempts = attempts + 1, tries = tries + 1
            from taken join webhook_endpoint e using (endpoint_id)
            where d.endpoint_id = taken.endpoint_id and d.event_id = taken.event_id and (d.state = 'pending') is true
            returning d.endpoint_id, e.account_id, d.event_id, d.lease_token, d.attempts, d.tries, d.tried_from, d.payload, e.url, e.secret,
                      e.previous_secret, e.previous_until
            """,
            [
                endpoints.Select(endpoint => endpoint.EndpointId).ToArray(),
                endpoints.Select(endpoint => (long)endpoint.Health.Places(options.Value)).ToArray(),
                endpoints.Select(endpoint => endpoint.AccountId).ToArray(),
                endpoints.Select(endpoint => (long)options.Value.ConcurrencyPerAccount - underWay.GetValueOrDefault(endpoint.AccountId)).ToArray(),
                limit, Lease, PutOffAtOnce,
            ],
            row => new ClaimedDelivery(
                row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetGuid(3), row.GetInt32(4), row.GetInt32(5), row.GetFieldValue<DateTimeOffset>(6),
                row.GetString(7), row.GetString(8), row.GetFieldValue<byte[]>(9), row.IsDBNull(10) ? null : row.GetFieldValue<byte[]>(10),
                row.Nullable<DateTimeOffset>(11)),
            cancellationToken);
        var served = endpoints.Where(endpoint => claimed.Exists(delivery => delivery.EndpointId == endpoint.EndpointId)).ToList();
        await connection.Execute(
            """
            update webhook_endpoint e set served_at = now(), next_probe_at = served.next_probe_at
            from unnest($1::uuid[], $2::timestamptz[]) as served (endpoint_id, next_probe_at) where e.endpoint_id = served.endpoint_id
            """,
            [
                served.Select(endpoint => endpoint.EndpointId).ToArray(),
                served.Select(endpoint => endpoint.Health.Served(endpoint.Now, options.Value).NextProbeAt).ToArray(),
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

    private static async Task Note(NpgsqlConnection connection, Guid endpointId, EndpointHealth before, EndpointHealth after)
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
            await WebhookStore.SendAtOnce(connection, endpointId);
        }
    }

    /// <param name="Now">The database's time.</param>
    private sealed record WaitingEndpoint(Guid EndpointId, Guid AccountId, EndpointHealth Health, DateTimeOffset Now);
}

/// <summary>An event that is to be sent now, by whoever holds this.</summary>
/// <param name="EndpointId">To which endpoint.</param>
/// <param name="AccountId">Whose endpoint.</param>
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
    Guid AccountId,
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
