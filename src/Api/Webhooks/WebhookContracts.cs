using AX2Caption.Api.Validation;
using AX2Caption.Grains.Abstractions.Webhooks;

namespace AX2Caption.Api.Webhooks;

/// <summary>Where events are to be sent.</summary>
/// <param name="Url">An <c>https</c> address of the public internet, without user, password and fragment.</param>
/// <param name="Events">Of what: <c>job.started</c>, <c>job.succeeded</c>, <c>job.failed</c>, <c>job.canceled</c>; all of them if it is left out.</param>
/// <param name="Description">What it is called, for its owner.</param>
/// <param name="Enabled">Whether events are sent; they are if it is left out.</param>
internal sealed record NewWebhook(
    [WebhookUrl] string Url,
    [WebhookEvent] IReadOnlyList<string>? Events = null,
    [Line(200)] string? Description = null,
    bool Enabled = true);

/// <summary>What is to change of a webhook. What is left out stays.</summary>
/// <param name="Url">Where events are sent from now on, those too that wait to be sent.</param>
/// <param name="Events">Of what.</param>
/// <param name="Description">What it is called; an empty text takes that away.</param>
/// <param name="Enabled">Whether events are sent. Enabled again, a webhook begins with a clean record.</param>
internal sealed record WebhookChange(
    [WebhookUrl] string? Url = null,
    [WebhookEvent] IReadOnlyList<string>? Events = null,
    [LineOrNothing(200)] string? Description = null,
    bool? Enabled = null);

/// <summary>Where events are sent.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Url">The address.</param>
/// <param name="Events">Of what.</param>
/// <param name="Description">What it is called; null for nothing.</param>
/// <param name="State">
/// <c>active</c>; <c>failing</c>: so many attempts in a row have failed that only one is made now and then until one succeeds; or
/// <c>disabled</c>: nothing is sent, and what happens meanwhile is not kept for it.
/// </param>
/// <param name="DisabledBecause">
/// <c>owner</c>, <c>gone</c> (it answered 410) or <c>failing</c> (nothing but failures for days); null unless it is disabled.
/// </param>
/// <param name="Failures">Attempts that failed since the last one that did not.</param>
/// <param name="FailingSince">When the first of these was; null if there are none.</param>
/// <param name="NextProbeAt">When the next attempt may be made; null unless it is failing.</param>
/// <param name="CreatedAt">When it was registered.</param>
/// <param name="PreviousSecretUntil">Until when events are signed with the secret before, too; null if they are not.</param>
internal sealed record Webhook(
    Guid Id,
    string Url,
    IReadOnlyList<string> Events,
    string? Description,
    string State,
    string? DisabledBecause,
    int Failures,
    DateTimeOffset? FailingSince,
    DateTimeOffset? NextProbeAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset? PreviousSecretUntil)
{
    public static Webhook Of(WebhookSnapshot webhook) => new(
        webhook.WebhookId,
        webhook.Url,
        webhook.Events,
        webhook.Description,
        $"{webhook.Health}".ToLowerInvariant(),
        webhook.DisabledBecause?.ToString().ToLowerInvariant(),
        webhook.Failures,
        webhook.FailingSince,
        webhook.NextProbeAt,
        webhook.CreatedAt,
        webhook.PreviousSecretUntil);
}

/// <summary>A webhook that was registered.</summary>
/// <param name="Webhook">The webhook.</param>
/// <param name="Secret">What its events are signed with. It is not shown again.</param>
internal sealed record RegisteredWebhook(Webhook Webhook, string Secret);

/// <summary>Another secret.</summary>
/// <param name="Secret">What events are signed with from now on. It is not shown again.</param>
/// <param name="PreviousSecretUntil">Until when they are signed with the one before, too.</param>
internal sealed record WebhookSecret(string Secret, DateTimeOffset PreviousSecretUntil);

/// <summary>An event for a webhook, and what became of it.</summary>
/// <param name="Id">The event's id: <c>webhook-id</c> in what is sent, and the same at all of the account's webhooks.</param>
/// <param name="Type">What happened: <c>job.started</c>, <c>job.succeeded</c>, <c>job.failed</c>, <c>job.canceled</c> or <c>ping</c>.</param>
/// <param name="JobId">To which job; null for a ping.</param>
/// <param name="State"><c>pending</c>, <c>delivered</c>, or <c>expired</c>: given up.</param>
/// <param name="CreatedAt">When it happened.</param>
/// <param name="NextAttemptAt">When it may be tried next; null unless it is pending.</param>
/// <param name="EndedAt">When it was delivered or given up; null before.</param>
/// <param name="AttemptCount">How often it was tried.</param>
/// <param name="Attempts">The last 30 of the attempts, oldest first.</param>
/// <param name="Payload">The body that is sent, byte for byte.</param>
/// <param name="ExpiredBecause">
/// Why it was given up: <c>time_over</c>, <c>gone</c>, or <c>too_many_pending</c>: more waited than may, and it was the oldest; null unless it is expired.
/// </param>
internal sealed record Delivery(
    Guid Id,
    string Type,
    Guid? JobId,
    string State,
    DateTimeOffset CreatedAt,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset? EndedAt,
    int AttemptCount,
    IReadOnlyList<DeliveryAttempt> Attempts,
    string Payload,
    string? ExpiredBecause)
{
    public static Delivery Of(WebhookDelivery delivery) => new(
        delivery.EventId,
        delivery.Type,
        delivery.JobId,
        DeliveryStateAttribute.NameOf(delivery.State),
        delivery.CreatedAt,
        delivery.NextAttemptAt,
        delivery.EndedAt,
        delivery.AttemptCount,
        [.. delivery.Attempts.Select(DeliveryAttempt.Of)],
        delivery.Payload,
        delivery.ExpiredBecause is { } because ? Credits.WireName<WebhookExpired>.Of(because) : null);
}

/// <summary>One try to deliver an event.</summary>
/// <param name="At">When it began.</param>
/// <param name="DurationMs">How long it took.</param>
/// <param name="Status">The HTTP status of the answer; null if none came.</param>
/// <param name="Error">
/// <c>address_refused</c>, <c>connection_failed</c>, <c>tls_failed</c>, <c>timeout</c>, <c>invalid_answer</c>, <c>redirected</c>, <c>gone</c> or
/// <c>bad_status</c>; null if it succeeded.
/// </param>
/// <param name="Response">The first 1,024 characters of the answer's body; null if there was none.</param>
internal sealed record DeliveryAttempt(DateTimeOffset At, long DurationMs, int? Status, string? Error, string? Response)
{
    public static DeliveryAttempt Of(WebhookAttempt attempt) => new(
        attempt.At,
        (long)attempt.Duration.TotalMilliseconds,
        attempt.Status,
        attempt.Fault is { } fault ? Credits.WireName<WebhookFault>.Of(fault) : null,
        attempt.Response);
}
