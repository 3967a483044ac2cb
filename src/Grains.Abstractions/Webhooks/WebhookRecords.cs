namespace AX2Caption.Grains.Abstractions.Webhooks;

/// <summary>An endpoint as its owner sees it; its secret is not among that.</summary>
/// <param name="WebhookId">Its id.</param>
/// <param name="Url">Where events are sent.</param>
/// <param name="Events">Of what: names of <see cref="WebhookEventTypes.OfJobs"/>.</param>
/// <param name="Description">What its owner calls it; null for nothing.</param>
/// <param name="Health">Whether events are sent, and how well that goes.</param>
/// <param name="DisabledBecause">Why nothing is sent; null unless <see cref="WebhookHealth.Disabled"/>.</param>
/// <param name="Failures">Attempts that failed since the last one that did not.</param>
/// <param name="FailingSince">When the first of these was; null if there are none.</param>
/// <param name="NextProbeAt">When the next attempt may be made; null unless <see cref="WebhookHealth.Failing"/>.</param>
/// <param name="CreatedAt">When it was registered.</param>
/// <param name="PreviousSecretUntil">Until when events are signed with the secret before, too; null if they are not.</param>
[GenerateSerializer, Immutable, Alias("ax2.WebhookSnapshot")]
public sealed record WebhookSnapshot(
    [property: Id(0)] Guid WebhookId,
    [property: Id(1)] string Url,
    [property: Id(2)] IReadOnlyList<string> Events,
    [property: Id(3)] string? Description,
    [property: Id(4)] WebhookHealth Health,
    [property: Id(5)] WebhookDisabled? DisabledBecause,
    [property: Id(6)] int Failures,
    [property: Id(7)] DateTimeOffset? FailingSince,
    [property: Id(8)] DateTimeOffset? NextProbeAt,
    [property: Id(9)] DateTimeOffset CreatedAt,
    [property: Id(10)] DateTimeOffset? PreviousSecretUntil);

/// <summary>How an endpoint does.</summary>
[GenerateSerializer, Alias("ax2.WebhookHealth")]
public enum WebhookHealth
{
    /// <summary>Events are sent as they come.</summary>
    Active = 0,

    /// <summary>So many attempts in a row have failed that only one is made now and then, until one succeeds.</summary>
    Failing = 1,

    /// <summary>Nothing is sent, and what happens meanwhile is not kept for it.</summary>
    Disabled = 2,
}

/// <summary>Why an endpoint is disabled; the names are stored.</summary>
[GenerateSerializer, Alias("ax2.WebhookDisabled")]
public enum WebhookDisabled
{
    /// <summary>Its owner wished it.</summary>
    Owner = 0,

    /// <summary>It answered 410: it wants no more events.</summary>
    Gone = 1,

    /// <summary>For days every attempt has failed.</summary>
    Failing = 2,
}

/// <summary>One event for one endpoint, and what became of it.</summary>
/// <param name="EventId">The event's id: <c>webhook-id</c>. Every endpoint is sent the event under the same one.</param>
/// <param name="Type">What happened: a name of <see cref="WebhookEventTypes"/>.</param>
/// <param name="JobId">To which job; null for a ping.</param>
/// <param name="State">How far it is.</param>
/// <param name="Payload">The body that is sent, byte for byte.</param>
/// <param name="CreatedAt">When it happened.</param>
/// <param name="NextAttemptAt">When it may be tried next; null unless <see cref="WebhookDeliveryState.Pending"/>.</param>
/// <param name="EndedAt">When it was delivered or given up; null before.</param>
/// <param name="AttemptCount">How often it was tried.</param>
/// <param name="Attempts">The last of the attempts, oldest first.</param>
/// <param name="ExpiredBecause">Why it was given up; null unless <see cref="WebhookDeliveryState.Expired"/>, and of what was given up before this was known.</param>
[GenerateSerializer, Immutable, Alias("ax2.WebhookDelivery")]
public sealed record WebhookDelivery(
    [property: Id(0)] Guid EventId,
    [property: Id(1)] string Type,
    [property: Id(2)] Guid? JobId,
    [property: Id(3)] WebhookDeliveryState State,
    [property: Id(4)] string Payload,
    [property: Id(5)] DateTimeOffset CreatedAt,
    [property: Id(6)] DateTimeOffset? NextAttemptAt,
    [property: Id(7)] DateTimeOffset? EndedAt,
    [property: Id(8)] int AttemptCount,
    [property: Id(9)] IReadOnlyList<WebhookAttempt> Attempts,
    [property: Id(10)] WebhookExpired? ExpiredBecause);

/// <summary>How far a delivery is; the names are stored.</summary>
[GenerateSerializer, Alias("ax2.WebhookDeliveryState")]
public enum WebhookDeliveryState
{
    /// <summary>It is being sent or waits for that.</summary>
    Pending = 0,

    /// <summary>The endpoint has answered that it has it.</summary>
    Delivered = 1,

    /// <summary>It was given up.</summary>
    Expired = 2,
}

/// <summary>Why an event was given up; the names are stored.</summary>
[GenerateSerializer, Alias("ax2.WebhookExpired")]
public enum WebhookExpired
{
    /// <summary>The time in which it is tried is over.</summary>
    TimeOver = 0,

    /// <summary>The endpoint answered that it wants no more.</summary>
    Gone = 1,

    /// <summary>More events waited for the endpoint than may, and it was the oldest.</summary>
    TooManyPending = 2,
}

/// <summary>One try to deliver an event.</summary>
/// <param name="At">When it began.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Status">The HTTP status of the answer; null if none came.</param>
/// <param name="Fault">Why it counts as failed; null if it does not.</param>
/// <param name="Response">The beginning of the answer's body; null if there was none.</param>
[GenerateSerializer, Immutable, Alias("ax2.WebhookAttempt")]
public sealed record WebhookAttempt(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] TimeSpan Duration,
    [property: Id(2)] int? Status,
    [property: Id(3)] WebhookFault? Fault,
    [property: Id(4)] string? Response);

/// <summary>Why an attempt failed; the names are stored.</summary>
[GenerateSerializer, Alias("ax2.WebhookFault")]
public enum WebhookFault
{
    /// <summary>The host has no address, or one that events are not sent to. Which of the two is nobody's business outside.</summary>
    AddressRefused = 0,

    /// <summary>No connection came about, or it broke.</summary>
    ConnectionFailed = 1,

    /// <summary>TLS was not agreed upon; most likely the certificate is not one to be trusted for this host.</summary>
    TlsFailed = 2,

    /// <summary>There was no answer in time.</summary>
    Timeout = 3,

    /// <summary>What came is no answer of HTTP.</summary>
    InvalidAnswer = 4,

    /// <summary>The answer leads elsewhere, where nothing is sent.</summary>
    Redirected = 5,

    /// <summary>The answer is 410: the endpoint is gone, and disabled from now on.</summary>
    Gone = 6,

    /// <summary>The answer's status is no success.</summary>
    BadStatus = 7,
}

/// <summary>A page of deliveries.</summary>
/// <param name="Deliveries">The deliveries, newest event first.</param>
/// <param name="Next">Where the next page begins; null at the end.</param>
[GenerateSerializer, Immutable, Alias("ax2.WebhookDeliveryPage")]
public sealed record WebhookDeliveryPage([property: Id(0)] IReadOnlyList<WebhookDelivery> Deliveries, [property: Id(1)] PageCursor? Next);
