using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.AuditLog;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Time;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Grains.Webhooks;

/// <summary>The tables of endpoints and of what is sent to them, as their owners see and change them.</summary>
internal sealed class WebhookStore(NpgsqlDataSource database, AuditEvents events, IOptions<WebhookOptions> options, TimeProvider time)
{
    private const string Columns = """
        endpoint_id, url, events, description, disabled_because, failures, failing_since, next_probe_at, created_at, previous_until
        """;

    private const string DeliveryColumns =
        "event_id, type, job_id, state, payload, created_at, next_attempt_at, ended_at, attempts, expired_because";

    /// <summary>Inserts an endpoint, unless the account is no open one of a member or has as many as it may. Its lock lets them be counted.</summary>
    public Task<RegisterWebhookResult> Register(Guid accountId, RegisterWebhook command) => database.Transact<RegisterWebhookResult>(async connection =>
    {
        var open = await connection.Read(
            "select 1 from account where account_id = $1 and kind = 'member' and closed_at is null for no key update",
            [accountId],
            row => row.GetInt32(0));
        if (open is [])
        {
            return new RegisterWebhookResult.NotAMember();
        }

        if (await Load(connection, accountId, command.WebhookId) is { } existing)
        {
            return new RegisterWebhookResult.Registered(existing);
        }

        var limit = options.Value.MaximumPerAccount;
        var now = time.UtcNow();
        var inserted = await connection.Execute(
            """
            insert into webhook_endpoint (endpoint_id, account_id, url, events, description, disabled_because, secret, created_at)
            select $1, $2, $3, $4, $5::text, $6::text, $7, $8
            where (select count(*) from webhook_endpoint where account_id = $2) < $9
            """,
            [
                command.WebhookId, accountId, command.Url, command.Events.ToArray(), command.Description,
                command.Enabled ? null : StoredName.Of(WebhookDisabled.Owner), command.Secret, now, limit,
            ]);
        if (inserted == 0)
        {
            return new RegisterWebhookResult.TooMany(limit);
        }

        await Note(connection, AuditKinds.WebhookRegistered, accountId, command.WebhookId, command.Origin);
        return new RegisterWebhookResult.Registered((await Load(connection, accountId, command.WebhookId))!);
    });

    public Task<List<WebhookSnapshot>> List(Guid accountId, CancellationToken cancellationToken) => database.Read(
        $"select {Columns} from webhook_endpoint where account_id = $1 order by created_at desc, endpoint_id desc",
        [accountId],
        Row,
        cancellationToken);

    public async Task<WebhookSnapshot?> Find(Guid accountId, Guid webhookId, CancellationToken cancellationToken) => (await database.Read(
        $"select {Columns} from webhook_endpoint where endpoint_id = $1 and account_id = $2", [webhookId, accountId], Row, cancellationToken))
        .SingleOrDefault();

    public Task<ChangeWebhookResult> Change(Guid accountId, ChangeWebhook command) => database.Transact<ChangeWebhookResult>(async connection =>
    {
        if (await Load(connection, accountId, command.WebhookId, "for no key update") is not { } before)
        {
            return new ChangeWebhookResult.NotFound();
        }

        var disabled = command.Enabled switch
        {
            true => null,
            false => before.DisabledBecause ?? WebhookDisabled.Owner,
            null => before.DisabledBecause,
        };
        // What was learnt of it is about where it was, and in which state.
        var isFresh = (command.Url is not null && command.Url != before.Url) || (command.Enabled == true && before.DisabledBecause is not null);
        await connection.Execute(
            """
            update webhook_endpoint
            set url = coalesce($2::text, url), events = coalesce($3::text[], events),
                description = case when $4::text is null then description else nullif($4::text, '') end, disabled_because = $5::text,
                failures = case when $6 then 0 else failures end, failing_since = case when $6 then null else failing_since end,
                next_probe_at = case when $6 then null else next_probe_at end
            where endpoint_id = $1
            """,
            [
                command.WebhookId, command.Url, command.Events?.ToArray(), command.Description, disabled is { } because ? StoredName.Of(because) : null,
                isFresh,
            ]);
        if (isFresh)
        {
            await SendAtOnce(connection, command.WebhookId);
        }

        await Note(connection, AuditKinds.WebhookChanged, accountId, command.WebhookId, command.Origin);
        return new ChangeWebhookResult.Changed((await Load(connection, accountId, command.WebhookId))!);
    });

    public Task<bool> Delete(Guid accountId, Guid webhookId, RequestOrigin origin) => database.Transact(async connection =>
    {
        if (await connection.Execute("delete from webhook_endpoint where endpoint_id = $1 and account_id = $2", [webhookId, accountId]) == 0)
        {
            // Said again since its answer was lost: it is as asked for.
            return await connection.Read(
                "select 1 from audit_event where account_id = $1 and kind = $2 and detail = $3 limit 1",
                [accountId, AuditKinds.WebhookDeleted, DetailOf(webhookId)],
                row => row.GetInt32(0)) is [_];
        }

        await Note(connection, AuditKinds.WebhookDeleted, accountId, webhookId, origin);
        return true;
    });

    /// <summary>Takes all endpoints of an account away, with what they were sent.</summary>
    public static Task Forget(NpgsqlConnection connection, Guid accountId) =>
        connection.Execute("delete from webhook_endpoint where account_id = $1", [accountId]);

    public Task<DateTimeOffset?> RotateSecret(Guid accountId, RotateWebhookSecret command) => database.Transact<DateTimeOffset?>(async connection =>
    {
        var current = await connection.Read(
            "select secret, previous_until from webhook_endpoint where endpoint_id = $1 and account_id = $2 for no key update",
            [command.WebhookId, accountId],
            row => (Secret: row.GetFieldValue<byte[]>(0), Until: row.Nullable<DateTimeOffset>(1)));
        if (current is not [var (secret, known)])
        {
            return null;
        }

        // The same wish again, since its answer was lost.
        if (known is not null && secret.AsSpan().SequenceEqual(command.Secret))
        {
            return known;
        }

        var until = time.UtcNow() + options.Value.PreviousSecretLifetime;
        await connection.Execute(
            "update webhook_endpoint set previous_secret = secret, previous_until = $3, secret = $2 where endpoint_id = $1",
            [command.WebhookId, command.Secret, until]);
        await Note(connection, AuditKinds.WebhookSecretRotated, accountId, command.WebhookId, command.Origin);
        return until;
    });

    public Task<WebhookDeliveryResult> Ping(Guid accountId, Guid webhookId, Guid eventId) => database.Transact<WebhookDeliveryResult>(async connection =>
    {
        // One at a time: the lock keeps a second one from being inserted beside it.
        if (await Load(connection, accountId, webhookId, "for no key update") is not { } webhook)
        {
            return new WebhookDeliveryResult.WebhookNotFound();
        }

        if (webhook.Health == WebhookHealth.Disabled)
        {
            return new WebhookDeliveryResult.Disabled();
        }

        var now = time.UtcNow();
        await connection.Execute(
            """
            insert into webhook_delivery (endpoint_id, event_id, type, payload, state, created_at, tried_from, next_attempt_at)
            select $1, $2, 'ping', $3, 'pending', $4, now(), now()
            where not exists (select from webhook_delivery where endpoint_id = $1 and type = 'ping' and state = 'pending')
            on conflict (endpoint_id, event_id) do nothing
            """,
            [webhookId, eventId, WebhookPayload.OfPing(eventId, now), now]);
        await ProbeAtOnce(connection, webhookId);
        var shown = await connection.Read(
            """
            select event_id from webhook_delivery
            where endpoint_id = $1 and type = 'ping' and (event_id = $2 or state = 'pending')
            order by event_id = $2 desc limit 1
            """,
            [webhookId, eventId],
            row => row.GetGuid(0));
        return await FindDelivery(connection, webhookId, shown.Single());
    });

    public Task<WebhookDeliveryResult> Redeliver(Guid accountId, Guid webhookId, Guid eventId) => database.Transact<WebhookDeliveryResult>(async connection =>
    {
        if (await Load(connection, accountId, webhookId, "for no key update") is not { } webhook)
        {
            return new WebhookDeliveryResult.WebhookNotFound();
        }

        if (webhook.Health == WebhookHealth.Disabled)
        {
            return new WebhookDeliveryResult.Disabled();
        }

        await ProbeAtOnce(connection, webhookId);
        // What is being sent at this moment is left to whoever sends it.
        await connection.Execute(
            """
            update webhook_delivery
            set tried_from = case when state = 'pending' then tried_from else now() end, tries = case when state = 'pending' then tries else 0 end,
                state = 'pending', ended_at = null, expired_because = null, next_attempt_at = now(), lease_token = null, leased_until = null
            where endpoint_id = $1 and event_id = $2 and (leased_until is null or leased_until < now())
            """,
            [webhookId, eventId]);
        // What was put off for it has its turn after it.
        await connection.Execute(
            """
            update webhook_delivery d set next_attempt_at = now()
            from webhook_delivery sent
            where sent.endpoint_id = $1 and sent.event_id = $2 and d.endpoint_id = $1 and d.job_id = sent.job_id and d.sequence > sent.sequence
              and d.state = 'pending' and d.next_attempt_at > now() and d.lease_token is null
            """,
            [webhookId, eventId]);
        return await FindDelivery(connection, webhookId, eventId);
    });

    public async Task<WebhookDeliveryResult> FindDelivery(Guid accountId, Guid webhookId, Guid eventId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await Load(connection, accountId, webhookId) is null
            ? new WebhookDeliveryResult.WebhookNotFound()
            : await FindDelivery(connection, webhookId, eventId, cancellationToken);
    }

    public async Task<WebhookDeliveryPage?> ListDeliveries(Guid accountId, WebhookDeliveryQuery query, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await Load(connection, accountId, query.WebhookId) is null)
        {
            return null;
        }

        var limit = Math.Clamp(query.Limit, 1, 100);
        var rows = await connection.Read(
            $"""
            select {DeliveryColumns} from webhook_delivery
            where endpoint_id = $1 and (created_at, event_id) < ($2, $3) and ($4::text is null or state = $4)
            order by created_at desc, event_id desc
            limit $5
            """,
            [
                query.WebhookId, query.After?.CreatedAt ?? DateTimeOffset.MaxValue.AddYears(-1), query.After?.Id ?? Guid.Empty,
                query.State is { } state ? StoredName.Of(state) : null, limit + 1,
            ],
            DeliveryRow,
            cancellationToken);
        var page = await WithAttempts(connection, query.WebhookId, [.. rows.Take(limit)], cancellationToken);
        return new WebhookDeliveryPage(page, rows.Count > limit ? new PageCursor(page[^1].CreatedAt, page[^1].EventId) : null);
    }

    /// <summary>Lets what waits for its next attempt be tried at once, the oldest first.</summary>
    public static Task SendAtOnce(NpgsqlConnection connection, Guid endpointId) => connection.Execute(
        "update webhook_delivery set next_attempt_at = tried_from where endpoint_id = $1 and state = 'pending' and next_attempt_at > now() and lease_token is null",
        [endpointId]);

    /// <summary>Its owner has looked after it, and wants to see whether it is back.</summary>
    private static Task ProbeAtOnce(NpgsqlConnection connection, Guid endpointId) =>
        connection.Execute("update webhook_endpoint set next_probe_at = now() where endpoint_id = $1 and next_probe_at > now()", [endpointId]);

    private static async Task<WebhookDeliveryResult> FindDelivery(
        NpgsqlConnection connection, Guid webhookId, Guid eventId, CancellationToken cancellationToken = default)
    {
        var rows = await connection.Read(
            $"select {DeliveryColumns} from webhook_delivery where endpoint_id = $1 and event_id = $2", [webhookId, eventId], DeliveryRow, cancellationToken);
        return await WithAttempts(connection, webhookId, rows, cancellationToken) is [var delivery]
            ? new WebhookDeliveryResult.Found(delivery)
            : new WebhookDeliveryResult.DeliveryNotFound();
    }

    private static async Task<IReadOnlyList<WebhookDelivery>> WithAttempts(
        NpgsqlConnection connection, Guid webhookId, IReadOnlyList<WebhookDelivery> deliveries, CancellationToken cancellationToken)
    {
        var attempts = (await connection.Read(
            """
            select event_id, at, duration_ms, status, fault, response from webhook_attempt
            where endpoint_id = $1 and event_id = any ($2) order by attempt
            """,
            [webhookId, deliveries.Select(delivery => delivery.EventId).ToArray()],
            row => (EventId: row.GetGuid(0), Attempt: AttemptRow(row)),
            cancellationToken)).ToLookup(row => row.EventId, row => row.Attempt);
        return [.. deliveries.Select(delivery => delivery with { Attempts = [.. attempts[delivery.EventId]] })];
    }

    private Task Note(NpgsqlConnection connection, string kind, Guid accountId, Guid webhookId, RequestOrigin origin) =>
        AuditLogStore.Append(connection, events.ByOwner(kind, accountId, origin, DetailOf(webhookId)));

    private static string DetailOf(Guid webhookId) => $"webhook {webhookId}";

    private async Task<WebhookSnapshot?> Load(NpgsqlConnection connection, Guid accountId, Guid webhookId, string locking = "") => (await connection.Read(
        $"select {Columns} from webhook_endpoint where endpoint_id = $1 and account_id = $2 {locking}", [webhookId, accountId], Row)).SingleOrDefault();

    private WebhookSnapshot Row(NpgsqlDataReader row)
    {
        var health = new EndpointHealth(
            row.GetInt32(5), row.Nullable<DateTimeOffset>(6), row.Nullable<DateTimeOffset>(7),
            row.IsDBNull(4) ? null : StoredName.Parse<WebhookDisabled>(row.GetString(4)));
        var previousUntil = row.Nullable<DateTimeOffset>(9);
        return new WebhookSnapshot(
            row.GetGuid(0), row.GetString(1), row.GetFieldValue<string[]>(2), row.NullableText(3), health.State, health.DisabledBecause, health.Failures,
            health.FailingSince, health.State == WebhookHealth.Failing ? health.NextProbeAt : null, row.GetFieldValue<DateTimeOffset>(8),
            previousUntil > time.UtcNow() ? previousUntil : null);
    }

    private static WebhookDelivery DeliveryRow(NpgsqlDataReader row)
    {
        var state = StoredName.Parse<WebhookDeliveryState>(row.GetString(3));
        return new WebhookDelivery(
            row.GetGuid(0), row.GetString(1), row.Nullable<Guid>(2), state, row.GetString(4), row.GetFieldValue<DateTimeOffset>(5),
            state == WebhookDeliveryState.Pending ? row.GetFieldValue<DateTimeOffset>(6) : null, row.Nullable<DateTimeOffset>(7), row.GetInt32(8), [],
            // One that was sent again by a silo of before may have its old reason.
            state == WebhookDeliveryState.Expired && !row.IsDBNull(9) ? StoredName.Parse<WebhookExpired>(row.GetString(9)) : null);
    }

    private static WebhookAttempt AttemptRow(NpgsqlDataReader row) => new(
        row.GetFieldValue<DateTimeOffset>(1), TimeSpan.FromMilliseconds(row.GetInt64(2)), row.Nullable<int>(3),
        row.IsDBNull(4) ? null : StoredName.Parse<WebhookFault>(row.GetString(4)), row.NullableText(5));
}
